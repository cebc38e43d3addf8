"""The errors the service answers with (docs/service/4 §4.6).

    Refusal                       an error code, a message and an HTTP status
    CreationFailed                not an answer: what started in good faith ends CREATE FAILED
    StateInUse                    not an answer: a saved state belongs to another process at the moment

The constructors below are named for what went wrong, so that a check reads as a sentence: `raise not_found(arn)`.
"""


class Refusal(Exception):
    """An error answered to the client; the HTTP status is the model's when `status` is not given."""

    def __init__(self, code: str, message: str, status: int | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


class CreationFailed(Exception):
    """The work behind a resource failed; the message becomes its failureReason."""


class StateInUse(Exception):
    """A saved state cannot be written, because another process works with it."""


class UnusableState(Exception):
    """A saved state cannot be continued: it is of another version of the emulator, or of another account."""


def invalid(message: str) -> Refusal:
    """A value the service does not accept."""
    return Refusal("InvalidInputException", message)


def not_found(arn: str) -> Refusal:
    """An ARN that names nothing."""
    return Refusal("ResourceNotFoundException", f"Resource Arn {arn} does not exist.")


def already_exists(arn: str) -> Refusal:
    """A name that is taken; the message carries the ARN of the holder."""
    return Refusal("ResourceAlreadyExistsException", f"Another resource with Arn {arn} already exists.")


def in_use(message: str) -> Refusal:
    """A resource that is not in the state the call needs, or that others still need."""
    return Refusal("ResourceInUseException", message)


def limit_exceeded(message: str) -> Refusal:
    """A quota that is used up; the message tells which (docs/service/4 §4.6)."""
    return Refusal("LimitExceededException", message)


def bad_token() -> Refusal:
    """A page token that is unknown or belongs to another list."""
    return Refusal("InvalidNextTokenException", "The provided nextToken is not valid for this list.")


def too_many_tags(arn: str, limit: int) -> Refusal:
    """More tags than a resource may carry."""
    return Refusal("TooManyTagsException", f"Resource {arn} cannot have more than {limit} tags.")


def too_many_tag_keys(limit: int) -> Refusal:
    """More keys than one request may remove."""
    return Refusal("TooManyTagKeysException", f"A request cannot remove more than {limit} tag keys.")


def not_offered(operation: str) -> Refusal:
    """An operation of the service that this emulator does not carry out."""
    return Refusal("UnsupportedOperationException", f"The emulator does not offer {operation}.", 400)


def unknown_operation(name: str) -> Refusal:
    """A name that is no operation of the three services."""
    return Refusal("UnknownOperationException", f"{name or 'The request'} is no operation of Amazon Personalize.", 404)
