"""Whether a content is of the type that it was announced as."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

_BEGINNINGS: Final[dict[str, Callable[[bytes], bool]]] = {
    "image/jpeg": lambda content: content.startswith(b"\xff\xd8\xff"),
    "image/png": lambda content: content.startswith(b"\x89PNG\r\n\x1a\n"),
    "image/webp": lambda content: content[:4] == b"RIFF" and content[8:12] == b"WEBP",
    "audio/ogg": lambda content: content.startswith(b"OggS"),
    "audio/amr": lambda content: content.startswith(b"#!AMR"),
    "audio/mpeg": lambda content: content[:3] == b"ID3" or (content[:1] == b"\xff" and content[1:2] >= b"\xe0"),
    "audio/mp4": lambda content: content[4:8] == b"ftyp",
    "video/mp4": lambda content: content[4:8] == b"ftyp",
    "video/3gpp": lambda content: content[4:8] == b"ftyp",
    "application/pdf": lambda content: content.startswith(b"%PDF-"),
}
"""How the types begin that phones send by themselves. A document of another type is whatever its sender says."""


def is_of_type(content: bytes, mime_type: str) -> bool:
    begins_right = _BEGINNINGS.get(mime_type.partition(";")[0].strip().lower())
    return begins_right is None or begins_right(content)
