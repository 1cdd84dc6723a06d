"""Understands a typed text as one of the options on offer: its id, its title or its number.

Case, accents, punctuation and emoji do not matter. Two options with the same title are ambiguous and
are not guessed between.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from flow_engine.outputs.degradation import options_of
from flow_engine.outputs.output import Output
from flow_engine.program.transition import fold_typed
from flow_engine.trace import OptionRecognised, RecognisedBy

MAX_ANSWER_CHARS = 200
"""A longer text is no answer to a choice: WhatsApp's longest title is 24 characters, its longest id 256."""

MAX_NUMBER_DIGITS = 3
"""Digits of an option's number; there are at most ``MAX_DYNAMIC_OPTIONS`` options."""

_TITLES_REMEMBERED = 1024
"""Normalised titles kept in memory: the titles of a few flows, some hundred kilobytes."""

_PLAIN = str.maketrans(
    {chr(code): None if chr(code).isalnum() else " " for code in range(128) if not chr(code).isalnum()}
)
_ACCENTS = ("\u0300", "\u036f")
"""The combining accents of European scripts. Other scripts' marks make another letter and stay."""


def recognise(text: str, question: Output) -> OptionRecognised | None:
    """The option of ``question`` that ``text`` stands for, if it stands for exactly one."""
    if len(text) > MAX_ANSWER_CHARS:
        return None
    options = tuple(options_of(question))
    typed = fold_typed(text)
    for option in options:
        if fold_typed(option.id) == typed:
            return OptionRecognised(option.id, RecognisedBy.ID)
    words = normalise(text)
    titled = [option for option in options if fold_typed(option.title) == typed] or [
        option for option in options if words and normalise_title(option.title) == words
    ]
    if titled:
        return OptionRecognised(titled[0].id, RecognisedBy.TITLE) if len(titled) == 1 else None
    if words.isdecimal() and len(words) <= MAX_NUMBER_DIGITS and 1 <= int(words) <= len(options):
        return OptionRecognised(options[int(words) - 1].id, RecognisedBy.NUMBER)
    return None


def normalise(text: str) -> str:
    """Letters, digits and single spaces only, lower case, without accents."""
    if text.isascii():
        return " ".join(text.translate(_PLAIN).casefold().split())
    spelled = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join([_plain(character) for character in spelled]).split())


@lru_cache(maxsize=_TITLES_REMEMBERED)
def normalise_title(title: str) -> str:
    """The same for a title of the flow. Never called with a customer's words, which would fill the cache."""
    return normalise(title)


def _plain(character: str) -> str:
    if character.isalnum():
        return character
    if _ACCENTS[0] <= character <= _ACCENTS[1] or _is_emoji_part(character):
        return ""
    return character if unicodedata.category(character)[0] == "M" else " "


def _is_emoji_part(character: str) -> bool:
    """Variation selectors and the keycap sign, which are marks to Unicode and noise here."""
    return "\ufe00" <= character <= "\ufe0f" or "\u20d0" <= character <= "\u20ff"
