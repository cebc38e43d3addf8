"""A declarative reconciler for Amazon Personalize.

    manifests ──load──► Desired ─┐
                                 ├─ make_plan ─► Plan ─ to_steps ─► [Step] ─ apply ─► Iterator[Event]
    account ──observe─► Snapshot ┘
    drift(plan): the same differences, with declared values before and live values after

The verbs and their types are exported here and imported on first use. `open_session` does all of the first row for one
target. The packages: `manifest` reads, `engine` observes, plans and applies, `aws` calls the service, `emulator` stands
in for it, `render` formats, `cli` is the command line.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from personalize_gitops.engine.apply.loop import apply
    from personalize_gitops.engine.apply.steps import to_steps
    from personalize_gitops.engine.drift import drift
    from personalize_gitops.engine.observe.confirm import confirm
    from personalize_gitops.engine.observe.observe import observe
    from personalize_gitops.engine.plan.context import PlanContext, Policy
    from personalize_gitops.engine.plan.planner import make_destroy_plan, make_plan
    from personalize_gitops.errors import GitopsError, ManifestError
    from personalize_gitops.manifest import Loaded, load
    from personalize_gitops.model.desired import Desired, Document
    from personalize_gitops.model.drift import Drift
    from personalize_gitops.model.events import Event
    from personalize_gitops.model.live import Snapshot
    from personalize_gitops.model.plan import Change, Choices, Plan, Scope
    from personalize_gitops.model.problem import Problem, Severity, ValidationReport
    from personalize_gitops.model.reason import Reason, ReasonCode
    from personalize_gitops.model.steps import Step
    from personalize_gitops.render.formats import Format, render_report
    from personalize_gitops.session import Session, open_session

__version__ = "0.1.0"

__all__ = [
    "Change",
    "Choices",
    "Desired",
    "Document",
    "Drift",
    "Event",
    "Format",
    "GitopsError",
    "Loaded",
    "ManifestError",
    "Plan",
    "PlanContext",
    "Policy",
    "Problem",
    "Reason",
    "ReasonCode",
    "Scope",
    "Session",
    "Severity",
    "Snapshot",
    "Step",
    "ValidationReport",
    "__version__",
    "apply",
    "confirm",
    "drift",
    "load",
    "make_destroy_plan",
    "make_plan",
    "observe",
    "open_session",
    "render_report",
    "to_steps",
]

_MODULES = {
    "Change": "model.plan",
    "Choices": "model.plan",
    "Desired": "model.desired",
    "Document": "model.desired",
    "Drift": "model.drift",
    "Event": "model.events",
    "Format": "render.formats",
    "GitopsError": "errors",
    "Loaded": "manifest",
    "ManifestError": "errors",
    "Plan": "model.plan",
    "PlanContext": "engine.plan.context",
    "Policy": "engine.plan.context",
    "Problem": "model.problem",
    "Reason": "model.reason",
    "ReasonCode": "model.reason",
    "Scope": "model.plan",
    "Session": "session",
    "Severity": "model.problem",
    "Snapshot": "model.live",
    "Step": "model.steps",
    "ValidationReport": "model.problem",
    "apply": "engine.apply.loop",
    "confirm": "engine.observe.confirm",
    "drift": "engine.drift",
    "load": "manifest",
    "make_destroy_plan": "engine.plan.planner",
    "make_plan": "engine.plan.planner",
    "observe": "engine.observe.observe",
    "open_session": "session",
    "render_report": "render.formats",
    "to_steps": "engine.apply.steps",
}


def __getattr__(name: str) -> object:
    """Import a public name on first use: `import personalize_gitops` alone loads nothing."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = found
    return found
