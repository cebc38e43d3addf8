"""Reading manifests: YAML with positions → documents for one target → `Desired`.

`folder` reads the files and finds the project, `load` turns them into the desired state of a target.
A document stays a tree of YAML nodes until the patches of the target are merged into it, so that every value knows its
place in a file. After that, `values` builds the values, `documents` checks them against their kind, and `references`
finds the resources that they refer to. `load` collects every problem and raises them together.
"""

from personalize_gitops.manifest.load import Loaded, load
from personalize_gitops.manifest.project import Project, Target

__all__ = ["Loaded", "Project", "Target", "load"]
