"""Policy: what the owner forbids or permits."""

from __future__ import annotations

from typing import Any

import pytest

from personalize_gitops.engine.plan.context import Policy
from personalize_gitops.engine.plan.matching import Match
from personalize_gitops.engine.plan.planner import make_plan
from personalize_gitops.engine.plan.policy import (
    blocked,
    is_ignored,
    over_limit,
    owned,
    protected_bases,
    protected_contents,
    protected_runs,
    protection,
    unless_protected_run,
)
from personalize_gitops.model.action import Action, Risk
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import AdoptBy, Bounds, Document, Lifecycle
from personalize_gitops.model.diff import ABSENT, FieldChange
from personalize_gitops.model.facts import Fact
from personalize_gitops.model.live import Live
from personalize_gitops.model.plan import Change
from personalize_gitops.model.reason import Reason, ReasonCode, because
from personalize_gitops.model.tags import ADDRESS, PROJECT, PROTECT, TAGS
from tests.engine.plan.contexts import codes, context, planned
from tests.support import builders
from tests.support.builders import change, desired, document, live, plan, schema, snapshot

CAMPAIGN = document("Campaign/home", {"minProvisionedTPS": 1})
FOUND = live("Campaign/home", {"minProvisionedTPS": 2})
DIFFERS = FieldChange(("minProvisionedTPS",), 2, 1)
TAGGED = FieldChange((TAGS, "team"), ABSENT, "blue")
PROTECTED = Lifecycle(protect=True)


def test_a_blocked_change_risks_and_destroys_nothing() -> None:
    """A blocked change keeps its reasons and drops what it would have cost."""
    risky = change(CAMPAIGN, Action.RECREATE, risk=Risk.DATA_LOSS, loses=Fact.LOSES_ENDPOINT)

    found = blocked(risky.because(Reason(ReasonCode.OTHER_DOMAIN)), Reason(ReasonCode.PROTECTED))

    assert (found.action, found.risk, found.loses) == (Action.BLOCKED, Risk.NONE, None)
    assert codes(found) == [ReasonCode.OTHER_DOMAIN, ReasonCode.PROTECTED]


# ignore, bounds


@pytest.mark.parametrize(
    ("lifecycle", "expected"),
    [
        pytest.param(Lifecycle(), False, id="nothing is set"),
        pytest.param(Lifecycle(ignore=["spec.minProvisionedTPS"]), True, id="ignored"),
        pytest.param(Lifecycle(ignore=["spec.campaignConfig"]), False, id="another member is ignored"),
        pytest.param(Lifecycle(bounds={"spec.minProvisionedTPS": Bounds(min=1, max=2)}), True, id="within bounds"),
        pytest.param(Lifecycle(bounds={"spec.minProvisionedTPS": Bounds(max=1)}), False, id="out of bounds"),
    ],
)
def test_members_that_somebody_else_owns(lifecycle: Lifecycle, expected: bool) -> None:
    """A member is left alone if it is ignored, or as long as the live value is within its bounds."""
    assert is_ignored(DIFFERS, document("Campaign/home", lifecycle=lifecycle)) is expected


def test_an_ignored_member_covers_the_members_below_it() -> None:
    """Ignoring a structure leaves everything in it alone, and nothing above it."""
    ignoring = document("Campaign/home", lifecycle=Lifecycle(ignore=["spec.campaignConfig"]))
    inside = FieldChange(("campaignConfig", "itemExplorationConfig", "explorationWeight"), "0.3", "0.5")
    above = document("Campaign/home", lifecycle=Lifecycle(ignore=["spec.campaignConfig.itemExplorationConfig"]))

    assert is_ignored(inside, ignoring)
    assert not is_ignored(FieldChange(("campaignConfig",), {}, {}), above)


def test_a_value_that_is_no_number_is_never_within_bounds() -> None:
    """Without a live number there is nothing that somebody else has set, so the declared value is sent."""
    bounded = document("Campaign/home", lifecycle=Lifecycle(bounds={"spec.minProvisionedTPS": Bounds(min=1)}))

    assert not is_ignored(FieldChange(DIFFERS.path, ABSENT, 1), bounded)


# ownership, adopt


def test_our_own_object_is_changed_without_permission() -> None:
    """The change of an object that we own stays as it is."""
    update = change(CAMPAIGN, Action.UPDATE, live=FOUND, fields=(DIFFERS,))

    assert owned(update, Match(FOUND, owned=True), Policy()) == update


@pytest.mark.parametrize("action", [Action.NONE, Action.UPDATE, Action.RECREATE, Action.SUCCESSOR])
def test_an_unmanaged_object_blocks_whatever_would_be_done(action: Action) -> None:
    """Without `adopt`, an object without our tags is neither changed nor shown as a difference."""
    wanted = change(CAMPAIGN, action, live=FOUND, fields=(DIFFERS,), update={"minProvisionedTPS": 1})

    found = owned(wanted, Match(FOUND), Policy())

    assert (found.action, codes(found)) == (Action.BLOCKED, [ReasonCode.UNMANAGED])
    assert (found.fields, found.update) == ((), None)


@pytest.mark.parametrize(
    ("lifecycle", "policy", "by"),
    [
        (Lifecycle(adopt=True), Policy(), AdoptBy.DOCUMENT),
        (Lifecycle(), Policy(adopt=True), AdoptBy.OPTION),
        (Lifecycle(adopt=True), Policy(adopt=True), AdoptBy.DOCUMENT),
    ],
)
def test_the_document_or_the_option_permits_adoption(lifecycle: Lifecycle, policy: Policy, by: AdoptBy) -> None:
    """The reason names the setting that permitted it, the document's first."""
    unchanged = change(document("Campaign/home", lifecycle=lifecycle), Action.NONE, live=FOUND)

    found = owned(unchanged, Match(FOUND), policy)

    assert (found.action, found.reasons) == (Action.ADOPT, (because(ReasonCode.ADOPTED, by=by),))


@pytest.mark.parametrize(
    ("action", "fields", "expected"),
    [
        pytest.param(Action.NONE, (), Action.ADOPT, id="as declared"),
        pytest.param(Action.WAIT, (), Action.ADOPT, id="in a transition"),
        pytest.param(Action.UPDATE, (TAGGED,), Action.ADOPT, id="other tags"),
        pytest.param(Action.UPDATE, (DIFFERS, TAGGED), Action.UPDATE, id="other members"),
        pytest.param(Action.RECREATE, (DIFFERS,), Action.BLOCKED, id="to be recreated"),
        pytest.param(Action.SUCCESSOR, (DIFFERS,), Action.BLOCKED, id="to be replaced"),
    ],
)
def test_an_adopted_object_is_never_replaced(action: Action, fields: tuple[FieldChange, ...], expected: Action) -> None:
    """Adoption tags and updates an object; a replacement needs an apply that adopts it first."""
    found = owned(change(CAMPAIGN, action, live=FOUND, fields=fields), Match(FOUND), Policy(adopt=True))

    assert found.action is expected
    assert codes(found) == [ReasonCode.ADOPT_BEFORE_REPLACING if expected is Action.BLOCKED else ReasonCode.ADOPTED]


def test_the_option_adopts_nothing_without_tags() -> None:
    """A schema cannot record its owner, so `--adopt` does not permit its replacement; `lifecycle.adopt` does."""
    declared, found = schema("A", {"name": "B", "type": ["null", "string"]}), live("Schema/items", schema("A"))
    adopting = document("Schema/items", declared, lifecycle=Lifecycle(adopt=True))

    by_option = planned("Schema/items", [document("Schema/items", declared)], [found], adopt=True)

    assert (by_option.action, codes(by_option)[-1]) == (Action.BLOCKED, ReasonCode.ADOPT_IN_DOCUMENT)
    assert planned("Schema/items", [adopting], [found]).action is Action.SUCCESSOR


@pytest.mark.parametrize(
    ("tags", "code"),
    [
        pytest.param({PROJECT: "other/prod", ADDRESS: "DatasetGroup/shop"}, ReasonCode.OWNED_BY_PROJECT, id="project"),
        pytest.param({PROJECT: "shop/prod", ADDRESS: "DatasetGroup/shop"}, ReasonCode.OWNED_BY_PROJECT, id="target"),
        pytest.param({PROJECT: "shop/local", ADDRESS: "DatasetGroup/old"}, ReasonCode.OWNED_BY_ADDRESS, id="address"),
    ],
)
def test_an_object_of_another_owner_is_never_taken(tags: dict[str, str], code: ReasonCode) -> None:
    """Tags that name another project, target or address block the document, and `adopt` does not help."""
    adopting = document("DatasetGroup/shop", lifecycle=Lifecycle(adopt=True))

    found = planned("DatasetGroup/shop", [adopting], [live("DatasetGroup/shop", tags=tags)], adopt=True)

    assert (found.action, codes(found)) == (Action.BLOCKED, [code])


def test_copied_tags_block_both_objects() -> None:
    """Of two objects with the tags of one address and unrelated names, none is changed or deleted."""
    ours, copy = builders.owned("DatasetGroup/shop"), builders.owned("DatasetGroup/shop", name="experiment")

    found = planned("DatasetGroup/shop", [document("DatasetGroup/shop", lifecycle=Lifecycle(adopt=True))], [ours, copy])

    assert (found.action, codes(found)) == (Action.BLOCKED, [ReasonCode.COPIED_TAGS])


# protect


SOLUTION, VERSION = live("Solution/rank"), Address("SolutionVersion", "rank")
STAYS = because(ReasonCode.PROTECTED_RUN, address=VERSION)
TRAINED = live("SolutionVersion/rank", arn=f"{SOLUTION.arn}/1")
TRAINING = document("SolutionVersion/rank", {"solution": "rank"}, lifecycle=PROTECTED)


KEPT = live("Campaign/home", tags={PROTECT: "true"})


@pytest.mark.parametrize(
    ("of", "found", "code"),
    [
        pytest.param(document("Campaign/home", lifecycle=PROTECTED), FOUND, ReasonCode.PROTECTED, id="by its document"),
        pytest.param(CAMPAIGN, KEPT, ReasonCode.PROTECTED_BY_TAG, id="until an apply lifts it"),
        pytest.param(None, KEPT, ReasonCode.PROTECTED_UNDECLARED, id="without a document"),
        pytest.param(CAMPAIGN, FOUND, None, id="not"),
        pytest.param(None, None, None, id="nothing there"),
    ],
)
def test_the_document_or_the_object_protects(of: Document | None, found: Live | None, code: ReasonCode | None) -> None:
    """Either forbids to delete or replace the object, and the reason names the remedy for that case."""
    reason = protection(of, found)

    assert (reason and reason.code) == code


def test_a_tagged_run_is_protected_without_a_change() -> None:
    """The tag of a version protects its solution even if no document declares the version."""
    tagged = live("SolutionVersion/rank", arn=f"{SOLUTION.arn}/1", tags={PROTECT: "true"})

    assert protected_runs([], snapshot(tagged)) == {SOLUTION.arn: STAYS, tagged.arn: STAYS}


def test_what_is_above_a_protected_run_is_protected_with_it() -> None:
    """A protected version blocks the deletion of its solution and of nothing else."""
    changes = [change(TRAINING, Action.NONE, live=TRAINED), change(CAMPAIGN, Action.NONE, live=FOUND)]

    protected = protected_runs(changes, snapshot())

    assert protected.keys() == {SOLUTION.arn, TRAINED.arn}
    assert set(protected.values()) == {STAYS}


@pytest.mark.parametrize("action", Action)
def test_no_action_deletes_a_protected_run(action: Action) -> None:
    """Deleting or replacing a solution is blocked if a protected version would go with it; other actions are not."""
    wanted = change(document("Solution/rank"), action, live=SOLUTION)

    found: Change = unless_protected_run(wanted, {SOLUTION.arn: STAYS})

    if action in (Action.DELETE, Action.RECREATE, Action.SUCCESSOR):
        assert found.action is Action.BLOCKED
        assert found.reasons == (STAYS,)
    else:
        assert found == wanted


def test_a_protected_run_protects_its_solution_only_if_it_exists() -> None:
    """On destroy, a declared and protected training that never ran keeps nothing from being deleted."""
    bases = protected_bases(desired(TRAINING, document("Solution/rank")))
    solution = builders.owned("Solution/rank")

    assert bases == {Address("Solution", "rank"): {"SolutionVersion": STAYS}}
    assert protected_contents(solution, bases, snapshot(solution)) == {}
    assert protected_contents(solution, bases, snapshot(solution, TRAINED)) == {solution.arn: STAYS}


# limits


@pytest.mark.parametrize(("most", "is_refused"), [(None, False), (3, False), (2, True), (0, True)])
def test_more_deletions_than_the_limit_are_refused(most: int | None, is_refused: bool) -> None:
    """Replaced objects count like deleted ones; as many as the limit are allowed."""
    deleting = plan(
        *(change(CAMPAIGN, action, live=FOUND) for action in (Action.DELETE, Action.RECREATE, Action.SUCCESSOR)),
        *(change(CAMPAIGN, action, live=FOUND) for action in (Action.UPDATE, Action.KEEP, Action.FORGET)),
    )

    found = over_limit(deleting, Policy(max_deletes=most))

    params: dict[str, Any] = dict(found.params) if found else {}
    assert (found is not None) is is_refused
    assert not is_refused or (params["deletes"], params["allowed"]) == (3, most)


@pytest.mark.parametrize(
    ("pruned", "owned", "most", "is_refused"),
    [
        pytest.param(2, 4, None, False, id="two are always deleted"),
        pytest.param(3, 10, None, False, id="30%"),
        pytest.param(3, 9, None, True, id="more than 30%"),
        pytest.param(3, 9, 3, False, id="the limit of the target counts instead"),
    ],
)
def test_prune_deletes_only_a_share_at_once(pruned: int, owned: int, most: int | None, is_refused: bool) -> None:
    """From three deletions on, prune refuses to delete more than 30% of what is owned; replacements do not count."""
    lives = [builders.owned(f"Filter/old-{number}") for number in range(owned)]
    declared = [document(f"Filter/old-{number}") for number in range(pruned, owned)]

    found = make_plan(context(declared, lives, prune=True, max_deletes=most))

    assert (found.refusal is not None) is is_refused
    assert found.applyable is not is_refused
