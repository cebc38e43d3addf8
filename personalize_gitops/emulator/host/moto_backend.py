"""The emulator as moto's Personalize: moto finds the service here and hands over its requests.

moto would parse, but validate nothing, and it dispatches on one class per service; a plain function over the service
models is shorter and answers every error as JSON. What moto gives is the interception of every client of this process,
S3 beside us, and the machinery of a server. Its registries are global, so one emulator at a time answers.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from botocore.exceptions import EndpointConnectionError

from personalize_gitops.emulator.errors import Refusal
from personalize_gitops.emulator.host.default_account import default_account
from personalize_gitops.emulator.service.model import operation_by_path, regions
from personalize_gitops.emulator.state import identities

if TYPE_CHECKING:
    from personalize_gitops.emulator import Emulator

_HOST = r"https?://personalize(?:-events|-runtime)?(?:-fips)?\.(.+)\.amazonaws\.com"
_ACCESS_KEY = re.compile(r"Credential=([^/,\s]+)/")
_REGION_IN_HOST = re.compile(r"https?://[^./]+\.([^./]+)\.amazonaws\.com")

_answering: list["Emulator"] = []  # the innermost one answers


@contextmanager
def answering(emulator: "Emulator") -> Iterator[None]:
    """Let an emulator answer for Personalize, its buckets be those of S3, its roles those of IAM, in a block."""
    if _answering and _answering[-1] is emulator:
        yield
        return
    register()
    from moto.core.base_backend import BackendDict

    if _answering:
        _leave(_answering[-1])
    BackendDict.reset()
    _occupy(emulator)
    _answering.append(emulator)
    with default_account(emulator.settings.account):
        try:
            yield
        finally:
            _answering.pop()
            _leave(emulator)
            BackendDict.reset()
            if _answering:
                _occupy(_answering[-1])


def empty(emulator: "Emulator") -> None:
    """Forget what moto keeps for an emulator, if it is the one that answers."""
    if _answering and _answering[-1] is emulator:
        from moto.core.base_backend import BackendDict

        BackendDict.reset()
        _occupy(emulator)


def account_of(authorization: str, otherwise: str) -> str:
    """The account that signed a request, told by the access key; known from now on to the tagging API."""
    from moto.backends import get_backend

    signed = _ACCESS_KEY.search(authorization)
    account = identities.account_of(signed[1], otherwise) if signed else otherwise
    get_backend("personalize")[account]  # the tagging API asks only services used in the account
    return account


def _occupy(emulator: "Emulator") -> None:
    """Make moto's state that of an emulator."""
    from moto.backends import get_backend

    emulator.objects.deploy()
    emulator.identities.deploy()
    for account in {emulator.settings.account, *(account for account, _ in emulator.regions)}:
        get_backend("personalize")[account]


def _leave(emulator: "Emulator") -> None:
    """Take an emulator's part of moto's state along."""
    emulator.objects.withdraw()
    emulator.identities.withdraw()


def operation_of(target: str, path: str) -> str:
    """The operation a request names: in a header on the control plane, by its path elsewhere (docs/service/4 §5)."""
    return target.rpartition(".")[2] if target else operation_by_path().get(path, "")


@cache
def register() -> None:
    """Put our backend in place of moto's own, once per process and before moto starts to intercept."""
    import moto.backend_index
    import moto.personalize
    from moto.core.base_backend import BackendDict, BaseBackend
    from moto.core.exceptions import JsonRESTError
    from moto.core.resource_tagging import TaggableResourcesMixin, TaggedResource

    class PersonalizeBackend(TaggableResourcesMixin, BaseBackend):
        """Tells moto which URLs are ours, and the Resource Groups Tagging API our tags; the state is the emulator's."""

        SERVICE_NAMESPACE = "personalize"

        def iter_tagged_resources(self) -> Iterator[TaggedResource]:
            """All that has, or once had, tags (docs/service/4 §8)."""
            try:
                tagged = _answering[-1].tagged(self.region_name, self.account_id)
            except Refusal as refusal:
                raise JsonRESTError(refusal.code, refusal.message) from refusal
            for arn, tags in tagged:
                kind = arn.split(":")[5].split("/")[0]
                yield TaggedResource(arn, dict(tags), f"personalize:{kind}", {"include_untagged": True})

        @property
        def _url_module(self) -> Any:
            return SimpleNamespace(url_bases=[_HOST], url_paths={"{0}/.*$": _answer})

    backends = BackendDict(PersonalizeBackend, "personalize")
    setattr(moto.personalize, "personalize_backends", backends)  # noqa: B010 - moto does not export the name
    # In place, because other modules hold the list; first, because moto walks it for every request.
    patterns = moto.backend_index.backend_url_patterns
    patterns[:] = [("personalize", re.compile(_HOST)), *(entry for entry in patterns if entry[0] != "personalize")]


def _answer(request: Any, full_url: str, headers: Any) -> tuple[int, dict[str, str], str]:
    found = _REGION_IN_HOST.match(full_url)
    region = found[1] if found else ""
    if region not in regions():
        raise EndpointConnectionError(endpoint_url=full_url)  # as where the service is not offered
    name = operation_of(request.headers.get("X-Amz-Target", ""), request.path)
    emulator = _answering[-1]
    account = account_of(request.headers.get("Authorization", ""), emulator.settings.account)
    response = emulator.respond(region, name, request.get_data(), account)
    return response.status, dict(response.headers), response.body
