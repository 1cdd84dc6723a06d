"""Reads what the world answers in a case: ``connectors`` and ``llm``."""

from __future__ import annotations

from typing import Final

from flow_engine.cases.case import ANY_NUMBER, LLMScript, Script
from flow_engine.cases.fields import Fields
from flow_engine.language.yaml_reader import Path
from flow_engine.vocabulary import JSON, AnswerOutcome, FailureKind

SCRIPT_KEYS: Final = ("answer", "error", "when", "times")
LLM_KEYS: Final = ("question", "answer", "outcome", "times")
_ANY: Final = "any"


def read_scripts(fields: Fields) -> tuple[Script, ...]:
    """``connectors: {calendar: {get_services: [{answer: …}, {error: conflict}]}}``; one answer needs no list."""
    scripts: list[Script] = []
    for connector in fields.mapping("connectors") or {}:
        path: Path = ("connectors", connector)
        operations = (fields.mapping("connectors") or {})[connector]
        known = operations if isinstance(operations, dict) else ()
        for operation, value in Fields(fields.source, operations, path, known).members():
            named, place = (connector, operation), (*path, operation)
            if isinstance(value, list):
                items = [_read_script(fields, named, item, (*place, index)) for index, item in enumerate(value)]
            else:
                items = [_read_script(fields, named, value, place)]
            scripts += items
    return tuple(scripts)


def _read_script(fields: Fields, named: tuple[str, str], value: JSON, path: Path) -> Script:
    script = Fields(fields.source, value, path, SCRIPT_KEYS)
    if isinstance(value, dict) and ("answer" in value) == ("error" in value):
        script.fault("T002", "A script has either an answer or an error.", "Write 'answer: …' or 'error: unavailable'.")
    return Script(
        place=script.place,
        connector=named[0],
        operation=named[1],
        answer=script.raw("answer"),
        error=script.word("error", FailureKind, FailureKind, "kind of failure"),
        when=script.mapping("when") or {},
        times=_read_times(script),
    )


def read_llm(fields: Fields) -> tuple[LLMScript, ...]:
    """``llm: [{question: …, answer: …}, {outcome: out_of_scope}]``."""
    return tuple(_read_llm(Fields(fields.source, item, path, LLM_KEYS)) for path, item in fields.items("llm"))


def _read_llm(script: Fields) -> LLMScript:
    if "answer" not in script and "outcome" not in script:
        hint = "Write 'answer: …' or 'outcome: unavailable'."
        script.fault("T002", "A free question has an answer or an outcome.", hint)
    return LLMScript(
        place=script.place,
        question=script.text("question"),
        outcome=script.word("outcome", AnswerOutcome, AnswerOutcome, "outcome") or AnswerOutcome.ANSWERED,
        text=script.text("answer") or "",
        times=_read_times(script),
    )


def _read_times(script: Fields) -> int:
    """How often a script answers: a whole number, or ``any``."""
    value = script.raw("times")
    if "times" not in script:
        return 1
    if value == _ANY:
        return ANY_NUMBER
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        script.fault("T004", "'times' is a whole number above zero, or the word any.", "", "times")
        return 1
    return value
