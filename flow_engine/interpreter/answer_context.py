from __future__ import annotations

from dataclasses import replace

from flow_engine.answers import DEFAULT_LANGUAGE, AnswerContext
from flow_engine.interpreter.turn import Turn


def answer_context(turn: Turn, *, past: bool = False) -> AnswerContext:
    """What the contact's answers are understood with: their language and region, the tenant's time."""
    program = turn.program
    base, _, rest = (turn.language or program.language).replace("_", "-").partition("-")
    words = program.words.get(base.lower()) or program.words[DEFAULT_LANGUAGE]
    try:
        now = turn.at.astimezone(program.zone)
    except OverflowError:  # the first and last hours that a datetime can hold
        now = turn.at
    region = rest.rpartition("-")[2].upper()
    return AnswerContext(words, now, region if is_region(region) else program.region, past)


def other_languages(turn: Turn, context: AnswerContext) -> list[AnswerContext]:
    """The same in the other languages of the flow, for a customer who answers in one that was not expected."""
    known = turn.program.words
    return [replace(context, words=known[tag]) for tag in turn.program.spoken if known[tag] is not context.words]


def is_region(subtag: str) -> bool:
    """A country in a language tag has two letters (BCP 47)."""
    return len(subtag) == 2 and subtag.isalpha()  # noqa: PLR2004  # see above
