"""``step_titles``: what every step of a conversation is called, with the accents its author writes.

A step's name in the text is often written without: ``ELEGIR_DIA``. Where the conversation itself writes that word with
an accent, and never without, so does the title; and so does a Spanish word in "-ción".
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from flow_engine.flow_map import SUB_FLOW_MARK
from flow_engine.validation.outline import read_outline, words_within
from flow_engine.vocabulary import JSON
from platform_admin.changes.step_title import step_title

_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_COMPARED: Final = frozenset({"transitions", "synonyms"})
"""What customers may write: it is compared without accents, and often kept without."""
_ALWAYS_ACCENTED: Final = "cion"
"""What a Spanish word never ends in: it is written "-ción" (Ortografía de la lengua española, 3.4.1)."""


def step_titles(document: JSON) -> Mapping[str, str]:
    """Every step, by its name as the map calls it (``STEP``, ``flow/STEP``)."""
    outline = read_outline(document)
    names = [SUB_FLOW_MARK.join(map(str, _name(state.part.path))) for state in outline.every_state()]
    plain = {word for name in names for word in _words(step_title(name)) if word.isascii()}
    spelt: dict[str, set[str]] = defaultdict(set)
    spanish = False
    for state in outline.every_state():
        for text in words_within(dict(state.part.members), ()):
            if _COMPARED & set(text.path):
                continue
            spanish = spanish or "¿" in text.text or "¡" in text.text
            for word in _words(text.text) if " " in text.text else ():  # names and ids have no blanks
                if _bare(word) in plain:
                    spelt[_bare(word)].add(word)
    accents = {bare: next(iter(words)) for bare, words in spelt.items() if len(words) == 1}
    if spanish:
        accents |= {bare: f"{bare[:-2]}ón" for bare in plain - accents.keys() if bare.endswith(_ALWAYS_ACCENTED)}
    return {name: _accented(step_title(name), accents) for name in names}


def _name(path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Of ``("flows", flow, "states", step)`` or ``("states", step)`` what names the step."""
    return path[1::2]


def _words(text: str) -> Iterator[str]:
    yield from (word.lower() for word in _WORD.findall(text))


def _bare(word: str) -> str:
    return word if word.isascii() else unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode()


def _accented(title: str, accents: Mapping[str, str]) -> str:
    def spelt(found: re.Match[str]) -> str:
        word = found[0]
        accented = accents.get(word.lower(), word.lower())
        return accented[:1].upper() + accented[1:] if word[:1].isupper() else accented

    return _WORD.sub(spelt, title)
