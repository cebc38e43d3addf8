"""Put an emulator in the place of moto's Personalize.

moto intercepts the requests of every AWS client in the process, holds the objects of S3 and the roles of IAM, and finds
the backend of a URL. Its own way to answer a request is not used: it does not validate requests, and it has one class
for each service, while one function over the service models answers all three.

moto's state is global to the process, so one emulator at a time is connected to it.
"""

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from datetime import UTC, datetime
from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from botocore.exceptions import EndpointConnectionError

from personalize_gitops.emulator.errors import Refusal
from personalize_gitops.emulator.host.aws_policies import know_aws_policies
from personalize_gitops.emulator.host.default_account import default_account
from personalize_gitops.emulator.host.simulations import answer_simulations
from personalize_gitops.emulator.service.model import operation_by_path, regions
from personalize_gitops.emulator.state import identities
from personalize_gitops.emulator.state.asked import HOUR

if TYPE_CHECKING:
    from personalize_gitops.emulator.emulator import Emulator

_HOST = r"https?://personalize(?:-events|-runtime)?(?:-fips)?\.(.+)\.amazonaws\.com"
_ACCESS_KEY = re.compile(r"Credential=([^/,\s]+)/")
_REGION_IN_HOST = re.compile(r"https?://[^./]+\.([^./]+)\.amazonaws\.com")

_kept: list[type] = []  # classes that moto finds as long as they exist
_connected: list["Emulator"] = []  # nested `connected` blocks; the last one answers


@contextmanager
def connected(emulator: "Emulator") -> Iterator[None]:
    """Let an emulator answer for Personalize, and move its buckets and roles into moto, inside a with block."""
    if _connected and _connected[-1] is emulator:
        yield
        return
    register()
    from moto.core.base_backend import BackendDict

    if _connected:
        _take_from_moto(_connected[-1])
    BackendDict.reset()
    _move_to_moto(emulator)
    _connected.append(emulator)
    with default_account(emulator.settings.account):
        try:
            yield
        finally:
            _connected.pop()
            _take_from_moto(emulator)
            BackendDict.reset()
            if _connected:
                _move_to_moto(_connected[-1])


def reset_moto(emulator: "Emulator") -> None:
    """Remove everything that moto holds for an emulator, if it is the one that answers."""
    if _connected and _connected[-1] is emulator:
        from moto.core.base_backend import BackendDict

        BackendDict.reset()
        _move_to_moto(emulator)


def account_of(authorization: str, default: str) -> str:
    """Return the account that signed a request, by the access key in its Authorization header."""
    signed = _ACCESS_KEY.search(authorization)
    account = identities.account_of(signed[1], default) if signed else default
    _announce(account)
    return account


def access_key_of(authorization: str) -> str:
    """Return the access key that signed a request; "" without a signature."""
    signed = _ACCESS_KEY.search(authorization)
    return signed[1] if signed else ""


def operation_of(target: str, path: str) -> str:
    """Return the operation of a request: named in the header of the control plane, else by path (docs/service/4 §5)."""
    return target.rpartition(".")[2] if target else operation_by_path().get(path, "")


@cache
def register() -> None:
    """Replace moto's Personalize backend, once per process. Must run before moto intercepts requests."""
    import moto.backend_index
    import moto.personalize
    from moto.core.base_backend import BackendDict, BaseBackend
    from moto.core.exceptions import JsonRESTError
    from moto.core.resource_tagging import TaggableResourcesMixin, TaggedResource

    class PersonalizeBackend(TaggableResourcesMixin, BaseBackend):
        """Gives moto the URLs of the services, and the tags for the Resource Groups Tagging API. It has no state."""

        SERVICE_NAMESPACE = "personalize"

        def iter_tagged_resources(self) -> Iterator[TaggedResource]:
            """Yield the resources that have, or once had, tags (docs/service/4 §8)."""
            try:
                tagged = _connected[-1].tagged(self.region_name, self.account_id)
            except Refusal as refusal:
                raise JsonRESTError(refusal.code, refusal.message) from refusal
            for arn, tags in tagged:
                resource_type = arn.split(":")[5].split("/")[0]
                yield TaggedResource(arn, dict(tags), f"personalize:{resource_type}", {"include_untagged": True})

        @property
        def _url_module(self) -> Any:
            return SimpleNamespace(url_bases=[_HOST], url_paths={"{0}/.*$": _respond})

    backends = BackendDict(PersonalizeBackend, "personalize")
    setattr(moto.personalize, "personalize_backends", backends)  # noqa: B010 - moto does not export the name
    # Changed in place, because other modules of moto hold the list. First, because moto takes the first match.
    patterns = moto.backend_index.backend_url_patterns
    patterns[:] = [("personalize", re.compile(_HOST)), *(entry for entry in patterns if entry[0] != "personalize")]
    _limit_tags_on_request()
    _look_up_events()
    _date_objects()
    _tell_requests()
    know_aws_policies()
    answer_simulations()


def _tell_requests() -> None:
    """Let moto's CloudWatch tell how often campaigns were asked (docs/service/3 §12.1)."""
    from moto.cloudwatch.models import MetricDatum
    from moto.core.common_models import CloudWatchMetricProvider

    class Requests(CloudWatchMetricProvider):
        """The requests of the emulator that answers. moto finds it as a subclass."""

        @staticmethod
        def get_cloudwatch_metrics(account_id: str, region: str) -> list[MetricDatum]:
            """Return one value for each campaign, operation and hour."""
            counts = _connected[-1].region(region, account_id).asked.counts() if _connected else ()
            return [
                MetricDatum(
                    "AWS/Personalize",
                    count.operation,
                    count.requests,
                    [{"Name": "CampaignArn", "Value": count.campaign}],
                    datetime.fromtimestamp(count.hour * HOUR, UTC).replace(tzinfo=None),
                    "Count",
                )
                for count in counts
            ]

    _kept.append(Requests)


def _date_objects() -> None:
    """Date the objects of S3 by the time of the emulator: programs compare them with the dates of jobs."""
    import moto.s3.models

    real = getattr(moto.s3.models, "utcnow")  # noqa: B009 - moto does not export the name

    def now() -> datetime:
        if not _connected:
            return real()  # type: ignore[no-any-return]
        return datetime.fromtimestamp(_connected[-1].now(), UTC).replace(tzinfo=None)

    setattr(moto.s3.models, "utcnow", now)  # noqa: B010


def _look_up_events() -> None:
    """Let moto's CloudTrail, which has trails but no events, answer LookupEvents from the emulator."""
    from moto.cloudtrail.responses import CloudTrailResponse as Response
    from moto.core.exceptions import JsonRESTError

    def lookup_events(response: Any) -> str:
        try:
            request = json.loads(response.body or "{}")
            return json.dumps(_connected[-1].look_up(response.region, response.current_account, request))
        except Refusal as refusal:
            raise JsonRESTError(refusal.code, refusal.message) from refusal

    setattr(Response, "lookup_events", lookup_events)  # noqa: B010


def _limit_tags_on_request() -> None:
    """Limit the tags of a page of GetResources only if a request has TagsPerPage; moto assumes 100 (docs/service/4 §8).

    Otherwise a page has as many resources as ResourcesPerPage allows.
    """
    from moto.resourcegroupstaggingapi.responses import ResourceGroupsTaggingAPIResponse as Response

    backend_of = getattr(Response.backend, "fget")  # noqa: B009 - moto declares the property

    def backend(response: Any) -> Any:
        found = copy(backend_of(response))
        if response._get_param("TagsPerPage") is None:
            limited = found.get_resources
            found.get_resources = lambda **request: limited(**{**request, "tags_per_page": sys.maxsize})
        return found

    setattr(Response, "backend", property(backend))  # noqa: B010


def _move_to_moto(emulator: "Emulator") -> None:
    emulator.objects.move_to_moto()
    emulator.identities.move_to_moto()
    for account in {emulator.settings.account, *(account for account, _ in emulator.regions)}:
        _announce(account)


def _take_from_moto(emulator: "Emulator") -> None:
    emulator.objects.take_from_moto()
    emulator.identities.take_from_moto()


def _announce(account: str) -> None:
    """Make moto create the backend of an account; its tagging API skips services without a backend."""
    from moto.backends import get_backend

    get_backend("personalize")[account]


def _respond(request: Any, full_url: str, headers: Any) -> tuple[int, dict[str, str], str]:
    """Answer a request that moto intercepted."""
    found = _REGION_IN_HOST.match(full_url)
    region = found[1] if found else ""
    if region not in regions():
        raise EndpointConnectionError(endpoint_url=full_url)  # as in regions that do not have the service
    name = operation_of(request.headers.get("X-Amz-Target", ""), request.path)
    emulator = _connected[-1]
    account = account_of(request.headers.get("Authorization", ""), emulator.settings.account)
    key = access_key_of(request.headers.get("Authorization", ""))
    response = emulator.respond(region, name, request.get_data(), account, key)
    return response.status, dict(response.headers), response.body
