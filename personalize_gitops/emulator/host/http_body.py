"""The body of a request, with a length that is checked before anything reads it."""

import re
from collections.abc import Mapping
from typing import Any

from personalize_gitops.emulator.errors import BadRequest

_LENGTH = re.compile(r"[0-9]{1,18}")
MOST_JSON = 64 * 1024**2
"""The bytes of the largest body that is not an object of S3."""
MOST_OBJECT = 5 * 1024**3
"""The bytes of the largest object that one request can write to S3."""


def check_length(environ: Mapping[str, Any], most: int) -> None:
    """Refuse a request whose Content-Length is not a number of bytes up to `most`."""
    text = environ.get("CONTENT_LENGTH") or ""
    if text and not _LENGTH.fullmatch(text):
        raise BadRequest("The Content-Length of the request is not a number of bytes.")
    if text and int(text) > most:
        raise BadRequest(f"The request is too large: at most {most} bytes are accepted.")


def read_body(environ: Mapping[str, Any]) -> bytes:
    """Return the body. Refuse a request whose body is not as long as it says, or does not come."""
    stream = environ["wsgi.input"]
    try:
        if environ.get("wsgi.input_terminated"):  # sent in chunks: it ends by itself
            content: bytes = stream.read(MOST_JSON + 1)
            if len(content) > MOST_JSON:
                raise BadRequest(f"The request is too large: at most {MOST_JSON} bytes are accepted.")
            return content
        size = int(environ.get("CONTENT_LENGTH") or 0)
        content = stream.read(size)
    except OSError as error:
        if not is_of_client(error):
            raise
        raise BadRequest("The body of the request is incomplete.") from error
    if len(content) < size:
        raise BadRequest("The body of the request is shorter than its Content-Length.")
    return content


def is_of_client(error: OSError) -> bool:
    """Return whether a client caused an error of reading: a malformed chunk, a timeout, or a closed connection."""
    return error.errno is None or isinstance(error, ConnectionError)
