"""Read the account.

`observe` takes a snapshot, `cache` remembers what cannot change, `confirm` re-reads the objects that a plan relies on.
"""
