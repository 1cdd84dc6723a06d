"""What the verifier says: a text that may be sent, and how it was come by."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Ruling(StrEnum):
    """What becomes of a proposal."""

    VERIFIED = "verified"
    """the model's own words, every part of them found in the document"""
    QUOTED = "quoted"
    """the document's words instead"""
    REFUSED = "refused"
    """nothing of it may be said"""


class Fault(StrEnum):
    """The first reason why the model's own words were not taken. For logs and figures."""

    NOT_ANSWERABLE = "not_answerable"
    NO_ANSWER = "no_answer"
    TOO_LONG = "too_long"
    FOREIGN_CHARACTER = "foreign_character"
    MARKUP = "markup"
    A_QUESTION = "a_question"
    NO_QUOTE = "no_quote"
    FALSE_QUOTE = "false_quote"
    WRONG_LANGUAGE = "wrong_language"
    UNSUPPORTED = "unsupported"
    """a word or figure that the quoted sentences do not have"""
    MISPLACED = "misplaced"
    """words of the document put together as the document does not put them"""
    INCOMPLETE = "incomplete"
    """a condition, an exception or part of a fact is left out"""
    CONTRARY = "contrary"
    """the document says the opposite"""
    UNPROVEN_YES_OR_NO = "unproven_yes_or_no"
    BLOCK_DOES_NOT_STAND_ALONE = "block_does_not_stand_alone"
    MODE = "mode"
    """this tenant sends quoted blocks only"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """``text`` is what to send, empty when refused. ``fault`` says why it is not the model's own wording."""

    ruling: Ruling
    text: str = ""
    fault: Fault | None = None
