"""The answer to a call as plain JSON and back, so that a turn can be played again without asking anybody."""

from __future__ import annotations

from datetime import datetime

from flow_engine.effects import AskLLM, CallConnector
from flow_engine.events import ConnectorFailed, ConnectorReplied, Event, LLMAnswered
from flow_engine.position import WaitingFor
from flow_engine.vocabulary import AnswerOutcome, FailureKind, JSONObject

ANSWERED = "answered"


def call_name(call: CallConnector | AskLLM) -> str:
    """Under which name an answer is kept: two programs may make the same call at different places."""
    return f"{call.connector}.{call.operation}" if isinstance(call, CallConnector) else "llm"


def kept_answer(event: Event, waiting: WaitingFor | None) -> JSONObject | None:
    """``{"call", "kind", …}``; ``None`` for an event that answers nothing."""
    if waiting is None:
        return None
    called: JSONObject = {"call": call_name(waiting.call)}
    match event:
        case ConnectorReplied():
            return called | {"kind": "replied", "result": event.result}
        case ConnectorFailed():
            return called | {"kind": "failed", "failure": event.kind.value}
        case LLMAnswered():
            return called | {"kind": ANSWERED, "outcome": event.outcome.value, "text": event.text}
        case _:
            return None


def read_answer(kept: JSONObject | None, call: CallConnector | AskLLM, at: datetime) -> Event:
    """The event for ``call``; where nothing was kept for it, the other side was away."""
    if isinstance(call, AskLLM):
        if kept is None:
            return LLMAnswered(at, call.id, AnswerOutcome.UNAVAILABLE)
        return LLMAnswered(at, call.id, AnswerOutcome(str(kept["outcome"])), str(kept["text"]))
    if kept is None:
        return ConnectorFailed(at, call.id, FailureKind.UNAVAILABLE)
    if kept["kind"] == "failed":
        return ConnectorFailed(at, call.id, FailureKind(str(kept["failure"])))
    return ConnectorReplied(at, call.id, kept["result"])
