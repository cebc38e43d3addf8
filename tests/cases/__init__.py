"""The planner as a table: one folder for each case, read by `case`, checked by `test_cases`.

* `manifests/` is what somebody declares.
* `live.yaml` is the account it meets; its first line says in one sentence what the case shows. Each object stands under
  `Kind/name`, the name being the one in AWS. What is left out is as in a quiet account: the members and tags are as
  declared, the status is ACTIVE, the age thirty days. References are names, as in manifests; `owned: Kind/name` stands
  for the tags by which an object is ours, and `owner: project/target` makes them somebody else's.
  `data` tells the content of S3 locations, null standing for an empty one; `manifests` names another case whose
  manifests are meant; `adopt` and `forget` are the options of `plan`.
* `plan.txt` is what `personalize-gitops plan` prints, to the letter.

After an intended change of plans `make cases` writes every `plan.txt` anew; review the difference line by line before
you commit it. A new case is a new folder, and `make cases` writes its plan.
"""
