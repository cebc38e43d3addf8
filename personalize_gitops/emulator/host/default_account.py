"""What moto reads from this process rather than from a request."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

_FIXES_THE_ACCOUNT = "MOTO_ACCOUNT_ID"  # an environment variable; it would keep assumed roles from other accounts


@contextmanager
def default_account(account: str) -> Iterator[None]:
    """Let credentials that moto does not know be those of this account, for the length of a block."""
    import moto.iam.models

    before: str = getattr(moto.iam.models, "DEFAULT_ACCOUNT_ID")  # noqa: B009 - moto does not export the name
    fixed = os.environ.pop(_FIXES_THE_ACCOUNT, None)
    setattr(moto.iam.models, "DEFAULT_ACCOUNT_ID", account)  # noqa: B010
    try:
        yield
    finally:
        setattr(moto.iam.models, "DEFAULT_ACCOUNT_ID", before)  # noqa: B010
        if fixed is not None:
            os.environ[_FIXES_THE_ACCOUNT] = fixed
