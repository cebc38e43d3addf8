"""Import: write manifests for what is live, so that a plan of them only adopts.

The plan is made in memory before a file is written. Objects that it would do more to than adopt them get no document,
nor do those that refer to them. Nothing in the account is changed, and no file that exists.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from personalize_gitops.engine.importing.drafting import draft
from personalize_gitops.engine.importing.judging import refused
from personalize_gitops.engine.plan.context import PlanContext
from personalize_gitops.engine.plan.planner import make_plan
from personalize_gitops.errors import InvalidChoice, ManifestError
from personalize_gitops.manifest import Loaded, load
from personalize_gitops.manifest.folder import read_folder
from personalize_gitops.manifest.imported_files import NewFile, files_of, project_file
from personalize_gitops.manifest.load import for_target
from personalize_gitops.manifest.new_files import write_new
from personalize_gitops.model.address import Address
from personalize_gitops.model.importing import Drafts, ImportedFile, Wanted
from personalize_gitops.model.live import Snapshot
from personalize_gitops.model.plan import Choices
from personalize_gitops.model.problem import Severity, did_you_mean
from personalize_gitops.model.problem_codes import ImportCode
from personalize_gitops.model.reason import Reason
from personalize_gitops.model.reports import ImportReport
from personalize_gitops.model.resource import GROUP
from personalize_gitops.session import Session, session_of

_TARGET = "main"  # of a new project, if none is named
_DEFAULT_NAME = "personalize"


def import_account(
    folder: Path,
    target: str | None,
    groups: frozenset[str] = frozenset(),
    *,
    explicit: bool = False,
    variables: Mapping[str, str] | None = None,
) -> ImportReport:
    """Write manifests for an account into a folder, and return what was written.

    Without manifests in the folder, the account is that of the credentials in the environment, and a new project is
    written. Raises ManifestError for invalid manifests, InvalidChoice for a dataset group that does not exist.
    """
    if any(True for pattern in ("*.yaml", "*.yml") for _ in folder.rglob(pattern)):
        with session_of(load(folder, target, variables)) as session:
            return import_into(session, folder, groups, explicit=explicit)
    name, target = _project_name(folder, groups), target or _TARGET
    endpoint = os.environ.get("AWS_ENDPOINT_URL", "")
    with session_of(_loaded(folder, target, [project_file(folder, name, target, endpoint=endpoint)])) as session:
        cloud = session.connection.cloud
        project = project_file(folder, name, target, account=cloud.account, region=cloud.region, endpoint=endpoint)
        session = replace(session, loaded=_loaded(folder, target, [project]))
        return import_into(session, folder, groups, explicit=explicit, project=project)


def _project_name(folder: Path, groups: frozenset[str]) -> str:
    """Return the name of a new project: of the only dataset group, else of the folder around the manifests."""
    found = next(iter(groups)) if len(groups) == 1 else folder.resolve().parent.name
    name = re.sub(r"[^a-zA-Z0-9\-_]+", "-", found).strip("-_")[:63]
    return name or _DEFAULT_NAME


def _loaded(folder: Path, target: str, files: Iterable[NewFile]) -> Loaded:
    unsaved = {file.path: file.content for file in files}
    return for_target(read_folder(folder, os.environ, unsaved), target, os.environ)


def import_into(
    session: Session,
    folder: Path,
    groups: frozenset[str] = frozenset(),
    *,
    explicit: bool = False,
    project: NewFile | None = None,
) -> ImportReport:
    """Write documents for the objects of a session's account that its manifests do not declare.

    `project` is the file of a new project, which is written too.
    """
    loaded = session.loaded
    snapshot = session.observe(whole=True)
    _check(groups, snapshot)
    found = _Import(session, folder, snapshot, [project] if project else [])
    naming = loaded.target.naming
    wanted = Wanted(groups, explicit, naming.prefix, naming.suffix, loaded.desired.tags)
    drafts, files = found.adoptable(draft(snapshot, loaded.desired, found.declared, wanted))
    if not drafts.drafts:
        files = []
    write_new({file.path: file.content for file in files})
    written = tuple(ImportedFile(str(file.path), file.addresses) for file in files)
    desired = loaded.desired
    return ImportReport(desired.project, desired.target, snapshot.account, snapshot.region, drafts, written)


def _check(groups: frozenset[str], snapshot: Snapshot) -> None:
    known = [live.name for live in snapshot.of_kind(GROUP)]
    for group in sorted(groups - {*known}):
        raise InvalidChoice("--dataset-group", group, Reason(ImportCode.NO_SUCH_GROUP), did_you_mean(group, known))


@dataclass(frozen=True)
class _Import:
    """An import into a folder, before anything is written."""

    session: Session
    folder: Path
    snapshot: Snapshot
    new: list[NewFile]  # the file of a new project

    @property
    def declared(self) -> Mapping[str, Address]:
        """The addresses of the objects that the manifests declare already, by ARN.

        An object that we own and no document declares is not one, unless a newer object has taken its address.
        """
        desired = self.session.loaded.desired
        changes = make_plan(PlanContext(desired, self.snapshot, self.session.policy(Choices(adopt=True)))).changes
        return {each.live.arn: each.address for each in changes if each.live and each.address in desired.documents}

    def adoptable(self, drafts: Drafts) -> tuple[Drafts, list[NewFile]]:
        """Return the drafts that a plan only adopts, with their files."""
        while True:
            taken = [file.path for file in self.new]
            files = [*self.new, *files_of(drafts.drafts, self.folder, taken)]
            why = self._refused(drafts, files)
            if not why:
                return drafts, files
            drafts = drafts.without(why)

    def _refused(self, drafts: Drafts, files: Iterable[NewFile]) -> Mapping[Address, tuple[Reason, ...]]:
        """Return why drafts cannot be written: they are invalid, or a plan would not only adopt."""
        try:
            loaded = _loaded(self.folder, self.session.loaded.target_name, files)
        except ManifestError as error:
            errors = [problem for problem in error.problems if problem.severity is Severity.ERROR]
            known = {str(address): address for address in drafts.addresses}
            invalid = {known[one.subject]: (one.reason,) for one in errors if one.subject in known}
            if not invalid:
                raise
            return invalid
        context = PlanContext(loaded.desired, self.snapshot, self.session.policy(Choices(adopt=True)))
        return refused(drafts, make_plan(context))
