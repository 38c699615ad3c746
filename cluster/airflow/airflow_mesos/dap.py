"""Messages of the Debug Adapter Protocol on a stream: `Content-Length: N`, an empty line, and N bytes of JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

#: No message comes near it; a header that claims more is none.
_LONGEST = 256 * 1024 * 1024


def messages(stream: BinaryIO) -> Iterator[dict[str, Any]]:
    """Read messages to the stream's end; ValueError where it is another protocol."""
    while (length := _length(stream)) is not None:
        body = stream.read(length)
        if len(body) < length:
            return
        message = json.loads(body)
        if not isinstance(message, dict):
            raise ValueError("a message is an object")  # noqa: TRY004 - of what came, not of an argument
        yield message


def framed(message: dict[str, Any]) -> bytes:
    """Give a message as it is sent."""
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def _length(stream: BinaryIO) -> int | None:
    """Read the headers of a message; None at the end."""
    length: int | None = None
    while line := stream.readline(1024):
        text = line.strip()
        if not text:
            if length is None:
                raise ValueError("a message without Content-Length")
            return length
        name, _, value = text.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
            if not 0 <= length <= _LONGEST:
                raise ValueError(f"a message of {length} bytes")
    return None
