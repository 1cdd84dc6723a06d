"""Example answers for ``chat``: what connectors would say, from a file, and failures on demand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from flow_engine.cases.case import CaseFile, LLMScript, Script
from flow_engine.cases.matching import is_part_of
from flow_engine.cases.reading import read_case_bytes
from flow_engine.cases.world import Answered, Failed, Reply
from flow_engine.effects import AskLLM, CallConnector
from flow_engine.errors import ExpressionError
from flow_engine.expressions import compile_value, locale_for
from flow_engine.program import ProgramSettings
from flow_engine.vocabulary import JSON, AnswerOutcome, FailureKind

_FOLDER: Final = Path(__file__).parent / "answers"
_DEFAULT_LANGUAGE: Final = "en"


class AnswersFileError(Exception):
    """The examples cannot be used; the argument is every reason, a line each."""


def read_examples(file: Path | None, language: str) -> CaseFile:
    """The examples of ``file``, or those that come along, in ``language`` where it has some."""
    file = _shipped(language) if file is None else file
    try:
        reading = read_case_bytes(file.read_bytes(), file=str(file))
    except OSError as error:
        raise AnswersFileError(f"{file}: cannot be read: {error.strerror}. Check the name.") from error
    if reading.case is None:
        raise AnswersFileError("\n".join(map(str, reading.diagnostics)))
    return reading.case


def _shipped(language: str) -> Path:
    """Asked by name from a fixed list of files, so a language can never become a path."""
    by_language = {path.stem: path for path in _FOLDER.glob("*.yaml")}
    base, _, _ = language.lower().partition("-")
    return by_language.get(base, by_language[_DEFAULT_LANGUAGE])


class ExampleAnswers:
    """Answers as often as it is asked. Texts may use the parameters of the call: ``{{ data.date }}``.

    ``failing`` are connectors whose next call fails, and how. ``tell`` hears of calls that no example answers.
    """

    def __init__(self, examples: CaseFile, settings: ProgramSettings, tell: Callable[[str], None]) -> None:
        self.failing: dict[str, FailureKind] = {}
        self._examples = examples
        self._locale = locale_for(settings.language, settings.timezone)
        self._tell = tell

    def call(self, call: CallConnector) -> Reply:
        failure = self.failing.pop(call.connector, None)
        if failure is not None:
            return Failed(failure)
        script = next((script for script in self._examples.scripts if _fits(script, call)), None)
        if script is None:
            self._tell(f"no example answers {call.connector}.{call.operation}; it fails as unavailable (see --answers)")
            return Failed(FailureKind.UNAVAILABLE)
        return Answered(self._fill(script, call)) if script.error is None else Failed(script.error)

    def ask(self, question: AskLLM) -> tuple[AnswerOutcome, str]:
        script = next((script for script in self._examples.llm if _is_asked(script, question)), None)
        return (AnswerOutcome.UNAVAILABLE, "") if script is None else (script.outcome, script.text)

    def _fill(self, script: Script, call: CallConnector) -> JSON:
        try:
            return compile_value(script.answer, self._locale).render({"data": dict(call.params)})
        except ExpressionError as error:
            self._tell(f"{script.place}: {error.message}")
            return script.answer


def _fits(script: Script, call: CallConnector) -> bool:
    named = (script.connector, script.operation) == (call.connector, call.operation)
    return named and is_part_of(script.when, call.params)


def _is_asked(script: LLMScript, question: AskLLM) -> bool:
    return script.question in (None, question.question)
