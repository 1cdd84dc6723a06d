"""Bytes to text, and the characters no document may hold."""

from __future__ import annotations

import codecs
import re
from typing import Final

from flow_engine.language.yaml_reader.fault import ReadingFault
from flow_engine.language.yaml_reader.locations import Position

_BYTE_ORDER_MARKS: Final = {  # UTF-32 first: its little-endian mark begins with the one of UTF-16.
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SAVE_AS_UTF8: Final = "Save the file as UTF-8."


def decode(content: bytes) -> str | ReadingFault:
    """UTF-8, with or without byte order mark; anything else is a fault (its column counts bytes)."""
    for mark, name in _BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            return ReadingFault("F001", f"The file is {name}, not UTF-8.", _SAVE_AS_UTF8, Position(1, 1))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        column = error.start - (before.rfind(b"\n") + 1) + 1
        message = f"Byte 0x{content[error.start]:02x} is not UTF-8."
        return ReadingFault("F001", message, _SAVE_AS_UTF8, Position(before.count(b"\n") + 1, column))


def find_forbidden(text: str) -> tuple[int, str] | None:
    """Index and name (``U+0000``) of the first character that no document may hold."""
    match = _FORBIDDEN.search(text)
    return (match.start(), f"U+{ord(match.group()):04X}") if match else None
