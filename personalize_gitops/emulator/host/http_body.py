"""The body of a request, read as a whole before it is answered, so that no part of it is taken for the next one."""

import re
from collections.abc import Mapping
from typing import Any

from personalize_gitops.emulator.errors import BadRequest

_LENGTH = re.compile(r"[0-9]{1,18}")


def read_body(environ: Mapping[str, Any], most: int) -> bytes:
    """Return the body of a request. BadRequest if it has no valid length, more than `most` bytes, or does not come."""
    in_chunks = bool(environ.get("wsgi.input_terminated"))  # it ends by itself
    size = most + 1 if in_chunks else _length(environ)
    if not in_chunks and size > most:
        raise _too_large(most)
    try:
        content: bytes = environ["wsgi.input"].read(size)
    except OSError as error:  # a chunk is malformed, or the client does not go on
        raise BadRequest("The body of the request is incomplete.") from error
    if len(content) > most:
        raise _too_large(most)
    if len(content) < size and not in_chunks:
        raise BadRequest("The body of the request is shorter than its Content-Length.")
    return content


def _length(environ: Mapping[str, Any]) -> int:
    text = environ.get("CONTENT_LENGTH") or "0"
    if not _LENGTH.fullmatch(text):
        raise BadRequest("The Content-Length of the request is not a number of bytes.")
    return int(text)


def _too_large(most: int) -> BadRequest:
    return BadRequest(f"The request is too large: at most {most} bytes are accepted.")
