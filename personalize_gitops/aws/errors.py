"""Translate botocore's exceptions into this program's errors. No other module knows them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from botocore import exceptions as botocore
from botocore.parsers import ResponseParserError

from personalize_gitops.errors import (
    AccessDenied,
    AlreadyExists,
    Busy,
    CloudError,
    CredentialsError,
    CredentialsExpired,
    GitopsError,
    InvalidRequest,
    NoFreeSlot,
    NotFound,
    QuotaExceeded,
    Unavailable,
    UsageError,
)


class Transient(Unavailable):
    """A retry can help. With `effect_unknown` the call may have taken effect although it failed."""

    def __init__(self, message: str, *, effect_unknown: bool) -> None:
        super().__init__(message)
        self.effect_unknown = effect_unknown


class ConditionFailed(CloudError):
    """The condition of a write to S3 does not hold."""


class Throttled(Transient):
    """There were too many calls."""


_BY_CODE: dict[str, type[GitopsError]] = {
    "ResourceNotFoundException": NotFound,
    "NoSuchKey": NotFound,
    "PreconditionFailed": ConditionFailed,
    "ResourceAlreadyExistsException": AlreadyExists,
    "ResourceInUseException": Busy,
    "AccessDeniedException": AccessDenied,
    "AccessDenied": AccessDenied,
    "NotAuthorized": AccessDenied,
    "ExpiredToken": CredentialsExpired,
    "ExpiredTokenException": CredentialsExpired,
    "RequestExpired": CredentialsError,
    "InvalidClientTokenId": CredentialsExpired,
    "UnrecognizedClientException": CredentialsExpired,
    "InvalidAccessKeyId": CredentialsExpired,
    "SignatureDoesNotMatch": CredentialsError,
}
_NO_CODE = {"", "Unknown"}  # or the status: what botocore takes for the code of an answer that has none
_THROTTLING = {
    "ThrottlingException",
    "Throttling",
    "TooManyRequestsException",
    "SlowDown",
    "RequestLimitExceeded",
    "ConditionalRequestConflict",  # another write to the same object in S3 is in progress
}


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Raise botocore's errors as ours; `what` names the call in their text."""
    try:
        yield
    except botocore.ClientError as error:
        found = _of_answer(error, what)
        found.request_id = error.response.get("ResponseMetadata", {}).get("RequestId", "")
        raise found from error
    except (botocore.NoCredentialsError, botocore.PartialCredentialsError) as error:
        raise CredentialsError(f"no AWS credentials: {error}") from error
    except botocore.ProfileNotFound as error:
        raise CredentialsError(f"{error}; create it with `aws configure`, or change the target's `profile`") from error
    except botocore.NoRegionError as error:
        raise UsageError(
            "no region is given: add `region` to the target in the project file, or set AWS_DEFAULT_REGION"
        ) from error
    except (botocore.CredentialRetrievalError, botocore.TokenRetrievalError, botocore.SSOError) as error:
        raise CredentialsExpired(f"the AWS credentials cannot be read: {error}") from error
    except botocore.ParamValidationError as error:
        raise InvalidRequest(f"{what}: {error}") from error
    except (botocore.EndpointConnectionError, botocore.ConnectTimeoutError) as error:
        raise Transient(f"{what}: {error}", effect_unknown=False) from error
    except (
        botocore.HTTPClientError,
        botocore.ConnectionError,
        botocore.IncompleteReadError,
        ResponseParserError,
    ) as error:
        raise Transient(f"{what}: {error}", effect_unknown=True) from error
    except (botocore.ConfigNotFound, botocore.ConfigParseError, botocore.InvalidConfigError) as error:
        raise CredentialsError(f"the AWS configuration cannot be used: {error}") from error
    except botocore.BotoCoreError as error:
        raise CloudError(f"{what}: {error}") from error
    except ValueError as error:
        raise UsageError(f"{what}: {error}") from error  # botocore raises it for an endpoint that is not a URL


@contextmanager
def understood(what: str) -> Iterator[None]:
    """Raise Transient for an answer that makes no sense: an empty one, other members, the page of a proxy.

    botocore fails in several ways on an answer that is not of the service's shape.
    """
    try:
        yield
    except botocore.BotoCoreError:
        raise
    except (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError) as error:
        raise _not_of_aws(what, "the answer makes no sense") from error


def _not_of_aws(what: str, why: str) -> Transient:
    return Transient(f"{what}: {why}; is something else than AWS answering?", effect_unknown=True)


def _of_answer(error: botocore.ClientError, what: str) -> GitopsError:
    code = error.response.get("Error", {}).get("Code", "")
    message = error.response.get("Error", {}).get("Message", "") or code
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    text = f"{what}: {message}"
    if not isinstance(code, str) or not isinstance(message, str) or code in _NO_CODE or code.isdecimal():
        return _not_of_aws(what, f"the answer with status {status} does not have the form of an AWS error")
    if code == "LimitExceededException":
        return _of_limit(message, text)
    if code in _THROTTLING:
        return Throttled(text, effect_unknown=False)
    if code == "NotImplemented":  # a store that is not S3 does not know a condition
        return InvalidRequest(text)
    if status >= 500:
        return Transient(text, effect_unknown=True)
    if found := _BY_CODE.get(code):
        return found(text)
    return (InvalidRequest if code in {"InvalidInputException", "ValidationException"} else CloudError)(text)


def _of_limit(message: str, text: str) -> GitopsError:
    """Return what LimitExceeded means: no free slot, a full quota, or throttling (docs/service/4 §4.6)."""
    if "PENDING" in message or "IN_PROGRESS" in message:
        return NoFreeSlot(text)
    if "resources" in message or "ACTIVE" in message:
        return QuotaExceeded(text)
    return Throttled(text, effect_unknown=False)
