"""Compare the desired state with a snapshot and decide what to change. Pure: no clock, no cloud.

`planner` is the loop over the documents. It asks `resources` or `runs` what to do with each, and `deletion` and
`forget` what to do with the rest. The other modules answer one question each: `matching` which object belongs to a
document, `diffing` which members differ, `replacement` how to replace an object, `quotas` whether the quotas allow a
successor, `impact` how a change affects other resources, `fingerprints` whether two runs have the same inputs, `policy`
what the settings forbid, `choices` what the user can choose, `renaming` which objects have earlier names, `selection`
which changes are planned, `continuing` whether a saved plan holds.
"""
