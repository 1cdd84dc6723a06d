"""A conversation as it happens, kept as a case that passes."""

from __future__ import annotations

from flow_engine.cases.bubbles import bubble_of
from flow_engine.cases.effects_seen import TIMER_KEYS, seen_effects
from flow_engine.cases.judging import as_expectation
from flow_engine.cases.stage import Stage
from flow_engine.cases.world import Answered, Answers, Reply
from flow_engine.effects import AskLLM, CallConnector
from flow_engine.vocabulary import JSON, AnswerOutcome, JSONObject


class RecordedAnswers:
    """Hands every question on to ``answers`` and keeps what came back."""

    def __init__(self, answers: Answers) -> None:
        self.connectors: JSONObject = {}
        self.llm: list[JSON] = []
        self._answers = answers

    def call(self, call: CallConnector) -> Reply:
        reply = self._answers.call(call)
        script: JSONObject = {"answer": reply.result} if isinstance(reply, Answered) else {"error": reply.kind.value}
        operations = self.connectors.setdefault(call.connector, {})
        if isinstance(operations, dict):
            scripts = operations.setdefault(call.operation, [])
            if isinstance(scripts, list):
                scripts.append(script)
        return reply

    def ask(self, question: AskLLM) -> tuple[AnswerOutcome, str]:
        outcome, text = self._answers.ask(question)
        answered = outcome is AnswerOutcome.ANSWERED
        answer: JSONObject = {"answer": text} if answered else {"outcome": outcome.value}
        self.llm.append({"question": question.question, **answer})
        return outcome, text


def recorded_step(verb: JSONObject, stage: Stage) -> JSONObject:
    """What was just done, with everything that came of it as its expectation."""
    effects = seen_effects(stage.effects, stage.program.zone)
    shown: list[JSON] = [
        {key: value for key, value in effect.items() if key != "data"}
        for effect in effects
        if not TIMER_KEYS & effect.keys()
    ]
    bubbles: list[JSON] = [as_expectation(bubble_of(output)) for output in stage.replies]
    return {**verb, "bot": bubbles, "state": stage.conversation.state, "effects": shown}
