"""``advance``: one event, one step. Read this first; every branch is one call into the module of the same name."""

from __future__ import annotations

from typing import assert_never

from flow_engine.conversation_state import ConversationState
from flow_engine.events import (
    ConnectorFailed,
    ConnectorReplied,
    Event,
    LLMAnswered,
    MessageReceived,
    OperatorResumed,
    StaffTookOver,
    TaskDue,
    TimerFired,
    WishTold,
)
from flow_engine.interpreter.limit_signal import LimitReachedSignal
from flow_engine.interpreter.receive_answer import receive_failure, receive_llm_answer, receive_result
from flow_engine.interpreter.receive_message import receive_message
from flow_engine.interpreter.run_task import run_task
from flow_engine.interpreter.states import come_back_if_done, give_up
from flow_engine.interpreter.step import Step
from flow_engine.interpreter.timers import change_hands, fire_timer, set_timers
from flow_engine.interpreter.turn import Turn
from flow_engine.interpreter.wishes import confirm_wish
from flow_engine.program.program import Program


def advance(program: Program, snapshot: ConversationState, event: Event) -> Step:
    """What ``event`` leads to in the conversation ``snapshot``.

    Pure: the same arguments always give the same step, nothing is read or changed outside of them, and no event
    raises. Time comes from ``event.at``; the ids of effects from the snapshot. Effects are only decided here; the
    driver performs them in order and hands the answers to calls back as events, before any other event
    of the conversation.
    """
    turn = Turn(program, snapshot, event.at)
    try:
        match event:
            case MessageReceived():
                receive_message(turn, event.message)
            case TaskDue():
                run_task(turn, event.task, event.data)
            case ConnectorReplied():
                receive_result(turn, event)
            case ConnectorFailed():
                receive_failure(turn, event)
            case LLMAnswered():
                receive_llm_answer(turn, event)
            case TimerFired():
                fire_timer(turn, event)
            case OperatorResumed() | StaffTookOver():
                change_hands(turn, event)
            case WishTold(wants=wants):
                confirm_wish(turn, wants=wants)
            case _:
                assert_never(event)
        if turn.interrupted is not None:
            come_back_if_done(turn)
    except LimitReachedSignal as signal:
        give_up(turn, signal.limit)
    if program.has_timers or turn.timers:
        set_timers(turn, heard=isinstance(event, MessageReceived))
    return turn.finish()
