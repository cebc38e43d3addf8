"""The verbs: observe the account, plan the difference, apply it, report drift. Knows no kind by name and no boto3.

`observe/` reads the account into a `Snapshot`; `plan/` compares it with `Desired`, without effects; `apply/` turns a
plan into steps and carries them out over a `Cloud` and a `Clock`; `drift` shows the difference from the account's side.
"""
