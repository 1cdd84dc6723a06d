"""The stamp at the end of every option's id that is sent: the turn in which its question was asked, ``book~1a``.

A tap brings the id back, and the stamp tells an answer to the open question from a tap on a message further up. An
id without a stamp was not sent by a turn (a template's button, a developer's request).
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Final

from flow_engine.outputs.output import Buttons, Option, OptionList, Output

_MARK: Final = "~"
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_LOWER: Final = frozenset(_DIGITS)
_MAX_DIGITS: Final = 8
"""Digits of a stamp: 36⁸ turns are more than anyone will chat."""


@lru_cache(maxsize=1024)  # the same few turns in all conversations: 0.04 µs instead of 0.4 (measured)
def stamp_of(turn: int) -> str:
    """``~`` and the turn to base 36; nothing for turn 0, in which nothing is sent."""
    digits = ""
    while turn > 0:
        turn, digit = divmod(turn, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return _MARK + digits if digits else ""


def split_stamp(payload: str) -> tuple[str, str]:
    """The id as the flow knows it, and its stamp; the stamp is empty where there is none."""
    option_id, mark, digits = payload.rpartition(_MARK)
    if not (mark and option_id and digits) or len(digits) > _MAX_DIGITS or digits[0] == "0":
        return payload, ""
    return (option_id, mark + digits) if _LOWER.issuperset(digits) else (payload, "")


def read_tap(payload: str, stamp: str) -> tuple[str, bool]:
    """The id as the flow knows it, and whether it was sent with another stamp than ``stamp``, the open question's."""
    if stamp and len(payload) > len(stamp) and payload.endswith(stamp):  # nearly every tap
        return payload[: -len(stamp)], False
    option_id, other = split_stamp(payload)
    return option_id, bool(other) and other != stamp


def without_stamps(output: Output) -> Output:
    """``output`` with its ids as the flow knows them, for a person to read."""
    match output:
        case Buttons():
            return replace(output, buttons=_bare(output.buttons))
        case OptionList():
            sections = tuple(replace(section, rows=_bare(section.rows)) for section in output.sections)
            return replace(output, sections=sections)
        case _:
            return output


def _bare(options: tuple[Option, ...]) -> tuple[Option, ...]:
    return tuple(option._replace(id=split_stamp(option.id)[0]) for option in options)
