"""Reading manifests: YAML with positions → documents for one target → `Desired`.

A document stays a tree of YAML nodes until its target's patches are merged in, so that every value, wherever it came
from, still knows its place. Only then are values built (`values`), checked against their kind (`documents`), and their
references tied together (`references`). Every problem is collected; `load` raises them all at once.
"""

from personalize_gitops.manifest.load import Loaded, load
from personalize_gitops.manifest.project import Project, Target

__all__ = ["Loaded", "Project", "Target", "load"]
