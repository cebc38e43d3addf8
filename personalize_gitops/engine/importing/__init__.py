"""From a snapshot to drafts of documents, as a person would have written them. Pure.

`choosing` says which objects get no document and why, `naming` gives the others their logical names, `defaults` leaves
out what the service assumes anyway, and `drafting` puts the documents together. `judging` looks at the plan that the
drafts lead to: they may be adopted, and nothing else.
"""
