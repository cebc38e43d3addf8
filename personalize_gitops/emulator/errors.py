"""The exceptions of the emulator.

    Refusal           the service refuses a request; the client gets an error code, a message and an HTTP status
    CreationFailed    the work behind an accepted creation fails; the resource ends CREATE FAILED
    StateInUse        a state directory cannot be written, because another process owns or has changed it
    UnusableState     a saved state cannot be loaded
    UnwritableState   a state cannot be saved
    UnwritableLog     the log of requests cannot be opened
    BadRequest        the HTTP of a request is malformed; the client gets status 400

The functions build the refusals with the error codes of the service (docs/service/4 §4.6).
"""


class Refusal(Exception):
    """An error response to a request. Without `status`, the service model decides the HTTP status."""

    def __init__(self, code: str, message: str, status: int | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


class CreationFailed(Exception):
    """The work behind a resource failed; the message becomes its `failureReason`."""


class StateInUse(Exception):
    """A state directory cannot be written, because another process owns it or has changed it."""


class UnusableState(Exception):
    """A saved state cannot be loaded: it is damaged, of another format, or of another account."""


class UnwritableState(Exception):
    """A state cannot be saved: the disk is full, the directory is read-only, or a file is in its place."""


class UnwritableLog(Exception):
    """The log of requests cannot be opened."""


class BadRequest(Exception):
    """The HTTP of a request is malformed, so that its body cannot be read."""


def invalid(message: str) -> Refusal:
    """Refuse a value that the service does not accept."""
    return Refusal("InvalidInputException", message)


def not_found(arn: str) -> Refusal:
    """Refuse an ARN without a resource."""
    return Refusal("ResourceNotFoundException", f"Resource Arn {arn} does not exist.")


def already_exists(arn: str) -> Refusal:
    """Refuse a name that another resource has; the message contains the ARN of that resource."""
    return Refusal("ResourceAlreadyExistsException", f"Another resource with Arn {arn} already exists.")


def in_use(message: str) -> Refusal:
    """Refuse a call because of the status of a resource, or because other resources depend on it."""
    return Refusal("ResourceInUseException", message)


def limit_exceeded(message: str) -> Refusal:
    """Refuse a creation that exceeds a quota; the message names the quota (docs/service/4 §4.6)."""
    return Refusal("LimitExceededException", message)


def too_many_requests() -> Refusal:
    """Refuse a request because there were too many in the last second."""
    return Refusal("ThrottlingException", "Rate exceeded")


def bad_token() -> Refusal:
    """Refuse a page token that is malformed or belongs to another list."""
    return Refusal("InvalidNextTokenException", "The provided nextToken is not valid for this list.")


def too_many_tags(arn: str, limit: int) -> Refusal:
    """Refuse to add more tags than a resource can have."""
    return Refusal("TooManyTagsException", f"Resource {arn} cannot have more than {limit} tags.")


def too_many_tag_keys(limit: int) -> Refusal:
    """Refuse to remove more tag keys than one request can."""
    return Refusal("TooManyTagKeysException", f"A request cannot remove more than {limit} tag keys.")


def unsupported_operation(operation: str) -> Refusal:
    """Refuse an operation of the service that the emulator does not implement."""
    return Refusal("UnsupportedOperationException", f"The emulator does not support {operation}.", 400)


def unknown_operation(name: str) -> Refusal:
    """Refuse a request that names no operation of the three services."""
    message = f"{name} is not an operation of Amazon Personalize." if name else "The request names no operation."
    return Refusal("UnknownOperationException", message, 404)
