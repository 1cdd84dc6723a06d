"""A call or a free question that no script answers: what is wrong, and the lines of YAML that answer it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from flow_engine.cases.case import LLMScript, Script
from flow_engine.cases.writing import write_document
from flow_engine.effects import AskLLM, CallConnector
from flow_engine.validation.catalog import COMMITTED, Catalog, operation_of, read_catalog
from flow_engine.vocabulary import JSON


@dataclass(frozen=True, slots=True)
class Unanswered:
    """``remedy`` is what to do: a sentence, and below it the lines for the case."""

    message: str
    remedy: str


def unanswered_call(call: CallConnector, scripts: Sequence[Script]) -> Unanswered:
    """The answer to paste is the catalogue's example of a result; null for an operation that is not in there."""
    known = operation_of(call.connector, call.operation, _catalog())
    answer: JSON = None if known is None else known.result
    lines = write_document({"connectors": {call.connector: {call.operation: [{"answer": answer}]}}})
    if any((script.connector, script.operation) == (call.connector, call.operation) for script in scripts):
        todo = f"Those of {call.operation} are used up or name other parameters: change 'times' or 'when', or add one:"
    else:
        todo = "Add to the case, beside 'steps' (below 'connectors' if it has that already):"
    message = f"No script answers {call.connector}.{call.operation} with {_show(call.params)}."
    return Unanswered(message, f"{todo}\n\n{lines}")


def unanswered_question(question: AskLLM, scripts: Sequence[LLMScript]) -> Unanswered:
    lines = write_document({"llm": [{"question": question.question, "answer": "What the LLM says."}]})
    if scripts:
        todo = "Those under 'llm' are used up or for other questions: change 'times' or 'question', or add one:"
    else:
        todo = "Add to the case, beside 'steps':"
    return Unanswered(f"No script answers the free question {question.question!r}.", f"{todo}\n\n{lines}")


@cache
def _catalog() -> Catalog:
    return read_catalog(COMMITTED.read_text(encoding="utf-8"))


def _show(params: Mapping[str, object]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in params.items()) or "no parameters"
