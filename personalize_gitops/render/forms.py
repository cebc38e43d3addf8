"""What a text of each form is, with an example."""

from __future__ import annotations

from collections.abc import Mapping

from personalize_gitops.model.forms import Form
from personalize_gitops.model.reason import Code

FORMS: Mapping[Code, str] = {
    Form.NAME: "a name of letters, digits, - and _ that begins with a letter or digit, such as for-you",
    Form.PREFIX: "letters, digits, - and _ that begin with a letter or digit, such as team-",
    Form.SUFFIX: "letters, digits, - and _, such as -staging",
    Form.REFERENCE: "a name such as for-you, a Kind/name such as Solution/for-you, or an ARN of Personalize",
    Form.COLUMN: "the name of a column: letters, digits and _, such as CREATION_TIMESTAMP",
    Form.RATE: "a schedule of 1 to 30 days, such as rate(7 days)",
    Form.ROLE_ARN: "the ARN of a role, such as arn:aws:iam::111122223333:role/personalize",
    Form.KEY_ARN: "the ARN of a KMS key, such as arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd",
    Form.S3_LOCATION: "a location in S3, such as s3://bucket/folder/",
    Form.ACCOUNT: 'the 12 digits of an account in quotes, such as "111122223333"',
    Form.REGION: "the name of a region, such as eu-west-1",
    Form.ASSUMED_ROLE: "the ARN of a role, such as arn:aws:iam::111122223333:role/deploy",
    Form.ENDPOINT: "a URL, such as http://127.0.0.1:5555",
    Form.TOPIC_ARN: "the ARN of a topic, such as arn:aws:sns:eu-west-1:111122223333:deployments",
    Form.EVENT_BUS: "the name or the ARN of an event bus, such as default",
}
