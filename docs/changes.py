"""Write docs/changes.md anew: `make docs`."""

from pathlib import Path

from personalize_gitops.kinds import KINDS
from personalize_gitops.render.changes import page

Path(__file__).with_suffix(".md").write_text(page(KINDS), encoding="utf-8")
