"""What an answer may look like: one short plain text in Latin letters. Everything else is refused unread."""

from __future__ import annotations

import functools
import re
import unicodedata

from connectors.llm.verification.verdict import Fault

MAX_ANSWER = 600
"""Characters. Four spoken sentences; WhatsApp shows 1024 under buttons, and longer answers drift."""

_MARKUP = re.compile(r"[*_#`~|<>\[\]{}\\^=]|&\w+;|^\s*[-+•]\s|^\s*\d+[.)]\s|%\w", re.MULTILINE)
_PLAIN = frozenset(" \n.,;:!?¡¿()'\"’‘“”«»–-—/%€$£&+@ºª…")


def fault_of(answer: str, evidence: str) -> Fault | None:
    """Whether ``answer`` (NFC) cannot even be looked at. Characters of ``evidence`` are always fine.

    Links are no matter of looks: they must stand in the evidence (``support``).
    """
    if not answer.strip():
        return Fault.NO_ANSWER
    if len(answer) > MAX_ANSWER:
        return Fault.TOO_LONG
    if any(not _is_plain(letter) and letter not in evidence for letter in answer):
        return Fault.MARKUP if _MARKUP.search(answer) else Fault.FOREIGN_CHARACTER
    without_links = re.sub(r"\S+[@:/.]\S+", "", answer)
    if _MARKUP.search(without_links):
        return Fault.MARKUP
    return Fault.A_QUESTION if "?" in answer or "¿" in answer else None


@functools.lru_cache(maxsize=1024)
def _is_plain(letter: str) -> bool:
    if letter in _PLAIN or (letter.isascii() and letter.isalnum()):
        return True
    return (
        letter.isalpha() and unicodedata.name(letter, "").startswith("LATIN ") and "LETTER" in unicodedata.name(letter)
    )
