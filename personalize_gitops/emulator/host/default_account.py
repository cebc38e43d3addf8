"""The account of unknown credentials. moto takes it from the process, not from a request."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

# This environment variable would put assumed roles of other accounts into the default account.
_OVERRIDE = "MOTO_ACCOUNT_ID"


@contextmanager
def default_account(account: str) -> Iterator[None]:
    """Make `account` the account of credentials that moto does not know, inside a with block."""
    import moto.iam.models

    before: str = getattr(moto.iam.models, "DEFAULT_ACCOUNT_ID")  # noqa: B009 - moto does not export the name
    override = os.environ.pop(_OVERRIDE, None)
    setattr(moto.iam.models, "DEFAULT_ACCOUNT_ID", account)  # noqa: B010
    try:
        yield
    finally:
        setattr(moto.iam.models, "DEFAULT_ACCOUNT_ID", before)  # noqa: B010
        if override is not None:
            os.environ[_OVERRIDE] = override
