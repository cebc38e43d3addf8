"""Pull requests, issues and artifacts on GitHub and GitLab: what the pipelines of a team call.

`environment` says where a command runs, `documents` reads what `plan` and `drift` wrote. `comment` and `drift_issue`
decide, `publish` carries the decision out through the port `Forge`, which `github` and `gitlab` implement over `http`.
A comment or an issue is recognized by its author and its `marker`, never by its title.
"""
