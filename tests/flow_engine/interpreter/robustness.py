"""What holds of every flow and every sequence of events, whatever they are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from flow_engine import limits
from flow_engine.conversation_codec import decode_state, encode_state
from flow_engine.conversation_state import ConversationState
from flow_engine.effects import CancelTimer, SendMessage, StartTimer
from flow_engine.events import ConnectorFailed, ConnectorReplied, Event, LLMAnswered, MessageReceived, TimerFired
from flow_engine.interpreter import Step, advance, start
from flow_engine.outputs.degradation import options_of
from flow_engine.program import Program
from flow_engine.trace import encode_trace
from flow_engine.vocabulary import Timer

TAP = "tap:"
"""A payload that begins so is a tap on the open question's option of that number, whatever its id is."""

MAX_TIMER_EFFECTS = 23
"""One each for the timers that are set when a step ends, and one for every hand-off of a bounded number of actions."""


def check_sequence(flow: Program, sequence: Sequence[Event], channel: str) -> None:
    """No exception, the same step every time, no limit broken, no id twice, and snapshots that survive their JSON."""
    snapshot = start(f"{channel}:ana", channel, "ana")
    seen: set[str] = set()
    for event in sequence:
        given_event = answering(event, snapshot)
        step = advance(flow, snapshot, given_event)
        assert advance(flow, snapshot, given_event) == step
        check_step(flow, step)
        new = {effect.id for effect in step.effects}
        assert len(new) == len(step.effects)
        assert seen.isdisjoint(new)
        seen |= new
        stored = json.dumps(encode_state(step.snapshot))
        read = decode_state(json.loads(stored))
        assert json.dumps(encode_state(read)) == stored
        assert read == step.snapshot
        snapshot = decode_state(json.loads(stored))  # not `read`, of which every part has been looked at by now


def answering(event: Event, snapshot: ConversationState) -> Event:
    """The same event, as what the conversation waits for if it is an answer, a timer or a tap by number at all."""
    awaited = snapshot.waiting.call.id if snapshot.waiting else None
    match event:
        case ConnectorReplied() if awaited is not None:
            return ConnectorReplied(event.at, awaited, event.result)
        case ConnectorFailed() if awaited is not None:
            return ConnectorFailed(event.at, awaited, event.kind, event.detail)
        case LLMAnswered() if awaited is not None:
            return LLMAnswered(event.at, awaited, event.outcome, event.text)
        case TimerFired() if event.timer in snapshot.timers:
            return TimerFired(event.at, event.timer, snapshot.timers[event.timer])
        case MessageReceived(at, message) if message.payload is not None and message.payload.startswith(TAP):
            return MessageReceived(at, replace(message, payload=_option(snapshot, message.payload)))
        case _:
            return event


def _option(snapshot: ConversationState, payload: str) -> str:
    options = () if snapshot.question is None else tuple(options_of(snapshot.question))
    return options[int(payload.removeprefix(TAP)) % len(options)].id if options else payload


def check_step(flow: Program, step: Step) -> None:
    sent = [effect for effect in step.effects if isinstance(effect, SendMessage)]
    assert len(sent) <= limits.MAX_MESSAGES_PER_STEP + 1 + limits.GUARD_ALLOWANCE
    timers = sum(isinstance(effect, StartTimer | CancelTimer) for effect in step.effects)
    assert len(step.effects) - timers <= limits.MAX_EFFECTS_PER_TURN + 1 + limits.GUARD_ALLOWANCE
    assert timers <= MAX_TIMER_EFFECTS
    assert len(step.snapshot.calls) <= limits.MAX_NESTED_CALLS
    assert len(step.snapshot.history) <= limits.MAX_HISTORY
    assert step.snapshot.timers.keys() <= set(Timer)
    assert step.snapshot.state is None or step.snapshot.state in flow.states
    assert not {"today", "now"} & set(step.snapshot.data)
    json.dumps([encode_trace(entry) for entry in step.trace])
