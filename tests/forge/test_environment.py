"""Where a command runs, from the variables of GitHub Actions and GitLab CI."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from personalize_gitops.errors import CredentialsError, GitopsError, UsageError
from personalize_gitops.forge.environment import Kind, Overrides, Place, place_of

HEAD, BASE, MERGE = "a" * 40, "b" * 40, "c" * 40
GITHUB = {
    "GITHUB_REPOSITORY": "acme/shop",
    "GITHUB_TOKEN": "planted",
    "GITHUB_SHA": MERGE,
    "GITHUB_RUN_ID": "7",
    "GITHUB_SERVER_URL": "https://ghe.example",
    "GITHUB_API_URL": "https://ghe.example/api/v3",
}
GITLAB = {
    "CI_API_V4_URL": "https://gitlab.example/api/v4",
    "CI_PROJECT_ID": "42",
    "CI_MERGE_REQUEST_IID": "3",
    "CI_COMMIT_SHA": HEAD,
    "CI_MERGE_REQUEST_DIFF_BASE_SHA": BASE,
    "CI_PIPELINE_ID": "8",
    "CI_PIPELINE_URL": "https://gitlab.example/acme/shop/-/pipelines/8",
    "CI_JOB_TOKEN": "job",
}
NONE = Overrides()


def test_a_pull_request_on_github(tmp_path: Path) -> None:
    """Its number and commits are in the event; GITHUB_SHA is a merge commit that exists only for the run."""
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"pull_request": {"number": 12, "head": {"sha": HEAD}, "base": {"sha": BASE}}}))

    place = place_of({**GITHUB, "GITHUB_EVENT_PATH": str(event)}, NONE)

    url = "https://ghe.example/acme/shop/actions/runs/7"
    api = "https://ghe.example/api/v3"
    assert place == Place(Kind.GITHUB, api, "acme/shop", "planted", 12, HEAD, BASE, "7", url)


@pytest.mark.parametrize("event", ["{}", "[]", '{"pull_request": null}', '{"pull_request": {"number": "12"}}'])
def test_a_push_on_github(tmp_path: Path, event: str) -> None:
    """There is no pull request, and GITHUB_SHA is what was pushed."""
    path = tmp_path / "event.json"
    path.write_text(event)

    place = place_of({**GITHUB, "GITHUB_EVENT_PATH": str(path)}, NONE)

    assert (place.pull_request, place.head, place.base) == (None, MERGE, "")


def test_a_run_after_the_pipeline_of_a_fork(tmp_path: Path) -> None:
    """Its commit and its branch are those of the fork; GITHUB_SHA is of the default branch."""
    event = tmp_path / "event.json"
    run = {"id": 8, "head_sha": HEAD, "head_branch": "patch", "head_repository": {"owner": {"login": "mallory"}}}
    event.write_text(json.dumps({"workflow_run": run}))

    place = place_of({**GITHUB, "GITHUB_EVENT_PATH": str(event), "GITHUB_REF_NAME": "main"}, NONE)

    assert (place.head, place.branch, place.ref) == (HEAD, "mallory:patch", "main")
    assert (place.pull_request, place.run) == (None, "7")


def test_a_merge_request_on_gitlab() -> None:
    """With the job's token, or a better one; with a merged result CI_COMMIT_SHA is a commit for the pipeline only."""
    place = place_of(GITLAB, NONE)
    better = place_of({**GITLAB, "GITLAB_TOKEN": "own", "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": BASE}, NONE)

    api, url = GITLAB["CI_API_V4_URL"], GITLAB["CI_PIPELINE_URL"]
    assert place == Place(Kind.GITLAB, api, "42", "job", 3, HEAD, BASE, "8", url, token_of_job=True)
    assert (better.token, better.token_of_job, better.head) == ("own", False, BASE)


def test_options_override_the_pipeline() -> None:
    """All but the token."""
    chosen = Overrides(Kind.GITHUB, "https://api.example", "acme/other", 9, HEAD, BASE, "77")

    place = place_of({**GITLAB, "GITHUB_TOKEN": "planted"}, chosen)

    assert place == Place(Kind.GITHUB, "https://api.example", "acme/other", "planted", 9, HEAD, BASE, "77")


@pytest.mark.parametrize(
    ("environ", "overrides", "error", "message"),
    [
        ({}, NONE, UsageError, "pass --forge github"),
        ({}, Overrides(Kind.GITHUB), UsageError, "GITHUB_REPOSITORY is not set"),
        ({}, Overrides(Kind.GITLAB), UsageError, "CI_PROJECT_ID is not set"),
        (GITHUB, Overrides(repository="shop"), UsageError, "expected owner/name"),
        (GITHUB, Overrides(head="main"), UsageError, "invalid --commit"),
        (GITHUB, Overrides(base="abc1234"), UsageError, "invalid --base"),
        (GITHUB, Overrides(run="7/../8"), UsageError, "invalid --run"),
        ({**GITHUB, "GITHUB_EVENT_PATH": "missing.json"}, NONE, UsageError, "missing.json cannot be read"),
        ({**GITHUB, "GITHUB_TOKEN": ""}, NONE, CredentialsError, "set GITHUB_TOKEN"),
        ({**GITLAB, "CI_JOB_TOKEN": ""}, NONE, CredentialsError, "set GITLAB_TOKEN"),
    ],
)
def test_what_is_missing_is_named(
    environ: dict[str, str], overrides: Overrides, error: type[GitopsError], message: str
) -> None:
    """With the variable or the option that says it."""
    with pytest.raises(error, match=message):
        place_of(environ, overrides)


def test_a_place_shows_no_token() -> None:
    """Printed in a log or an error, it has none."""
    assert "planted" not in repr(place_of(GITHUB, NONE))
