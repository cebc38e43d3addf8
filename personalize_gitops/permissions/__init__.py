"""The permissions that manifests need: of the service's roles, buckets and keys, and of those who plan and apply.

`needs` finds what documents need, `policies` grants exactly that, and `preflight` compares it
with what the account has.
"""
