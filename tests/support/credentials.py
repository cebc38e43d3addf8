"""Credentials that expire, and a profile whose keys are replaced."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.support.proxy import Answer, Request, error


class Profile:
    """A profile in a credentials file, whose keys a test replaces."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "credentials"
        self.write("AKIAOLD")

    def write(self, key: str) -> None:
        self.file.write_text(
            f"[deploy]\naws_access_key_id = {key}\naws_secret_access_key = s\naws_session_token = {key}\n"
        )


class Expired:
    """Refuses calls that are signed with an expired key."""

    def __init__(self) -> None:
        self.keys: set[str] = set()

    def __call__(self, request: Request, forward: Callable[[], Answer]) -> Answer:
        if any(f"Credential={key}/" in request.headers.get("Authorization", "") for key in self.keys):
            message = "The security token included in the request is expired"
            if request.service == "s3":
                return Answer(400, f"<Error><Code>ExpiredToken</Code><Message>{message}</Message></Error>".encode())
            return error("ExpiredTokenException", message)
        return forward()
