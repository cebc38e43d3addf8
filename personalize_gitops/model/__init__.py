"""The vocabulary every other package speaks: pure values, no I/O.

`Address` names a resource logically; `Resource` is the base of every kind and holds the marks its fields carry;
`Desired` is what the manifests say, `Snapshot` of `Live` objects what the account says; `FieldChange`, `Change` and
`Plan` are the difference; `Step` and `Event` are its execution; `Problem` is something wrong with a manifest.
"""
