"""Makes texts comparable: case, accents, punctuation and emoji do not matter."""

from __future__ import annotations

import unicodedata

_PLAIN = str.maketrans(
    {chr(code): None if chr(code).isalnum() else " " for code in range(128) if not chr(code).isalnum()}
)
APOSTROPHES = str.maketrans("", "", "'’`´")
"""Signs inside of words: "o'clock", "that’s"."""

_ACCENTS = ("\u0300", "\u036f")
"""The combining accents of European scripts. Other scripts' marks make another letter and stay."""


def fold(text: str) -> str:
    """Letters, digits and single spaces only, lower case, without accents."""
    if text.isascii():
        return " ".join(text.translate(_PLAIN).casefold().split())
    spelled = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join([_plain(character) for character in spelled]).split())


def fold_letters(text: str) -> str:
    """Lower case without accents; everything else stays as it is."""
    if text.isascii():
        return text.lower()
    spelled = unicodedata.normalize("NFKD", text).casefold()
    return "".join([character for character in spelled if not _ACCENTS[0] <= character <= _ACCENTS[1]])


def _plain(character: str) -> str:
    if character.isalnum():
        return character
    if _ACCENTS[0] <= character <= _ACCENTS[1] or _is_emoji_part(character):
        return ""
    return character if unicodedata.category(character)[0] == "M" else " "


def _is_emoji_part(character: str) -> bool:
    """Variation selectors and the keycap sign, which are marks to Unicode and noise here."""
    return "\ufe00" <= character <= "\ufe0f" or "\u20d0" <= character <= "\u20ff"
