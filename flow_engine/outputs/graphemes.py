"""Cutting text where a reader would: never inside a flag, a family emoji or an accented letter.

The rules are the part of Unicode Annex 29 that shows in chats: combining marks and variation selectors,
zero-width joiners, skin tones, tag sequences, pairs of regional indicators, conjuncts, Hangul syllables and CR LF.
The standard library has no segmenter, and the ``regex`` package would cost every tenant process
megabytes for the rare text that has to be cut at all.
"""

from __future__ import annotations

import unicodedata

ELLIPSIS = "…"

_JOINER = "\u200d"
_VIRAMA_CLASS = 9
"""Canonical combining class of the signs that join two consonants into one letter (Unicode, table 4-3)."""


def cut(text: str, limit: int) -> str:
    """``text`` in at most ``limit`` characters; what is cut off is replaced by an ellipsis.

    A single cluster that is longer than the limit (a letter under a hundred accents) is cut all
    the same, because showing nothing would be worse.
    """
    if len(text) <= limit:
        return text
    room = limit - len(ELLIPSIS)
    return text[: last_boundary(text, room)].rstrip() + ELLIPSIS


def split(text: str, limit: int) -> list[str]:
    """``text`` in pieces of at most ``limit`` characters, parted at a blank line, a line end or a space."""
    pieces: list[str] = []
    rest = text
    while len(rest) > limit:
        end = _parting(rest, limit)
        piece = rest[:end].rstrip()
        if piece:
            pieces.append(piece)
        rest = rest[end:].lstrip()
    if rest:
        pieces.append(rest)
    return pieces


def last_boundary(text: str, limit: int) -> int:
    """The last position ``<= limit`` at which ``text`` may be cut; ``limit`` itself if there is none."""
    position = limit
    while position > 0 and not _is_boundary(text, position):
        position -= 1
    return position or limit


def _parting(text: str, limit: int) -> int:
    half = limit // 2
    for mark in ("\n\n", "\n", " "):
        # A piece of less than half the limit would trade one ugly break for two.
        position = text.rfind(mark, half, limit)
        if position > 0:
            return position
    return last_boundary(text, limit)


def _is_boundary(text: str, position: int) -> bool:
    """Whether ``text`` may be parted before ``position`` (between two of its characters)."""
    before, after = text[position - 1], text[position]
    if after < "\u0300":
        return not (before == "\r" and after == "\n")
    if before == _JOINER or _extends(after):
        return False
    if unicodedata.combining(before) == _VIRAMA_CLASS and unicodedata.category(after) == "Lo":
        return False
    if _is_regional(after) and _is_regional(before):
        return _regional_run(text, position) % 2 == 0
    return not (_is_hangul(before) and _is_hangul_tail(after))


def _extends(character: str) -> bool:
    return (
        unicodedata.category(character)[0] == "M"
        or character in ("\u200c", _JOINER)
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= character <= "\U000e007f"  # tags (the flags of Scotland, Wales …)
    )


def _is_regional(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _regional_run(text: str, position: int) -> int:
    start = position
    while start > 0 and _is_regional(text[start - 1]):
        start -= 1
    return position - start


def _is_hangul(character: str) -> bool:
    return "\u1100" <= character <= "\u11ff" or "\uac00" <= character <= "\ud7ff"


def _is_hangul_tail(character: str) -> bool:
    """A vowel or final consonant that joins the syllable before it."""
    return "\u1160" <= character <= "\u11ff" or "\ud7b0" <= character <= "\ud7ff"
