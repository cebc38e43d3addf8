"""New projects: templates for use cases with generated data, and projects around the CSV files of a user.

`template` fills in the files of `personalize_gitops/templates`, `generated` makes their data, which never changes, and
`own_data` reads headers and values of CSV files. Nothing here writes; `cli/init.py` does.
"""
