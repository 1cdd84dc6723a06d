"""Prepared answers: who is asked, in which order they are used up, and which were never needed."""

from __future__ import annotations

from collections.abc import Sequence

from flow_engine.cases.case import ANY_NUMBER, LLMScript, Script
from flow_engine.cases.matching import is_part_of
from flow_engine.cases.unanswered import Unanswered, unanswered_call, unanswered_question
from flow_engine.cases.world import Answered, Failed, Reply
from flow_engine.effects import AskLLM, CallConnector
from flow_engine.vocabulary import AnswerOutcome, FailureKind


class Scripts:
    """Answers by the first script that fits and is not used up; a call that none answers is a problem."""

    def __init__(self, scripts: Sequence[Script], llm: Sequence[LLMScript]) -> None:
        self.problems: list[Unanswered] = []
        self._scripts = tuple(scripts)
        self._llm = tuple(llm)
        self._all: tuple[Script | LLMScript, ...] = (*scripts, *llm)
        self._left = {id(script): script.times for script in self._all}

    def call(self, call: CallConnector) -> Reply:
        for script in self._scripts:
            named = (script.connector, script.operation) == (call.connector, call.operation)
            if named and self._left[id(script)] and is_part_of(script.when, call.params):
                self._use(script)
                return Answered(script.answer) if script.error is None else Failed(script.error)
        self.problems.append(unanswered_call(call, self._scripts))
        return Failed(FailureKind.UNAVAILABLE)

    def ask(self, question: AskLLM) -> tuple[AnswerOutcome, str]:
        for script in self._llm:
            if self._left[id(script)] and script.question in (None, question.question):
                self._use(script)
                return script.outcome, script.text
        self.problems.append(unanswered_question(question, self._llm))
        return AnswerOutcome.UNAVAILABLE, ""

    def unused(self) -> tuple[Script | LLMScript, ...]:
        """Scripts that should have been needed, or needed more often."""
        return tuple(script for script in self._all if self._left[id(script)] > 0)

    def _use(self, script: Script | LLMScript) -> None:
        if script.times != ANY_NUMBER:
            self._left[id(script)] -= 1
