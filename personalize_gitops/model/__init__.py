"""The vocabulary of every other package: pure values, no I/O.

* What the manifests declare: `address`, `reference`, `desired` (documents of a target), `problem`s found in them.
* What a kind is: `structure` (marks), `members`, `comparison`, `wire`, `resource` (the contract), `facts`.
* What the account holds: `live` (objects, snapshots), `status`, `names`, `run_names`, `tags`, `ownership`.
* What differs: `diff`, `change_class`, `action`, `plan`, `drift`, each with `reason`s.
* What is done about it: `steps`, `events`, over the `ports` Cloud, Clock and Pool.
* What commands return: `reports`.
"""
