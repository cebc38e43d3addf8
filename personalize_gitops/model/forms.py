"""The forms of text that fields expect: a pattern for machines and a sentence for people.

Every pattern of a kind or of the project is here, so that no message shows a pattern. `render/forms.py` has
the sentences.
"""

from __future__ import annotations

from typing import Self

from personalize_gitops.model.reason import Code

PERSONALIZE_ARN = r"arn:([a-z\d-]+):personalize:.*:.*:.+"

_NAME = r"[a-zA-Z0-9][a-zA-Z0-9\-_]*"
_BUS = r"(arn:[a-z\d-]+:events:[a-z\d-]+:\d{12}:event-bus/)?[\w.\-/]+"


class Form(Code):
    """The forms, with the patterns of the service where it has them (docs/service/4 §2)."""

    pattern: str

    def __new__(cls, value: str, about: str, pattern: str) -> Self:
        """Attach the explanation and the pattern to the member."""
        member = str.__new__(cls, value)
        member._value_, member.about, member.pattern = value, about, pattern
        return member

    NAME = "form_name", "A name of the service.", rf"^{_NAME}$"
    PREFIX = "form_prefix", "The beginning of a name, or nothing.", rf"^({_NAME})?$"
    SUFFIX = "form_suffix", "The end of a name, or nothing.", r"^[a-zA-Z0-9\-_]*$"
    REFERENCE = "form_reference", "A name, a Kind/name or an ARN.", rf"^({PERSONALIZE_ARN}|([A-Z][A-Za-z]+/)?{_NAME})$"
    COLUMN = "form_column", "The name of a column.", r"^[A-Za-z_][A-Za-z\d_]*$"
    RATE = "form_rate", "A schedule of automatic trainings.", r"^rate\(([1-9]|[12]\d|30) days?\)$"
    ROLE_ARN = (
        "form_role_arn",
        "The ARN of a role that the service assumes.",
        r"^arn:([a-z\d-]+):iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+$",
    )
    KEY_ARN = "form_key_arn", "The ARN of a KMS key.", r"^arn:aws.*:kms:.*:[0-9]{12}:key/.*$"
    S3_LOCATION = "form_s3_location", "The location of objects in S3.", r"^(s3|http|https)://.+$"

    ACCOUNT = "form_account", "The id of an AWS account.", r"^\d{12}$"
    REGION = "form_region", "The name of an AWS region.", r"^[a-z]{2}(-[a-z]+)+-\d$"
    ASSUMED_ROLE = (
        "form_assumed_role",
        "The ARN of a role that this program assumes.",
        r"^arn:[a-z\d-]+:iam::\d{12}:role/.+$",
    )
    ENDPOINT = "form_endpoint", "The URL of a service.", r"^https?://.+$"
    TOPIC_ARN = "form_topic_arn", "The ARN of a topic of SNS.", r"^arn:[a-z\d-]+:sns:[a-z\d-]+:\d{12}:[\w\-]+$"
    EVENT_BUS = "form_event_bus", "The name or the ARN of an event bus of EventBridge.", rf"^{_BUS}$"


FORMS = {form.pattern: form for form in Form}
"""The form of each pattern."""
