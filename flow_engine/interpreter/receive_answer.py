"""What the answer to a connector call or a free question leads to. One that nobody waits for changes nothing."""

from __future__ import annotations

from flow_engine.effects import AskLLM
from flow_engine.events import ConnectorFailed, ConnectorReplied, LLMAnswered
from flow_engine.interpreter.position import find_state, present_state
from flow_engine.interpreter.run_task import run_task_actions
from flow_engine.interpreter.states import ask_again, begin_anew, go, recover, run_on_enter
from flow_engine.interpreter.turn import Turn
from flow_engine.outputs.output import Text
from flow_engine.position import Frame
from flow_engine.program.actions import InvokeConnector, unguarded
from flow_engine.program.state import State
from flow_engine.trace import AnswerIgnored, CallFailed, EnteredBecause, QuestionAnswered, TaskUnknown
from flow_engine.vocabulary import AnswerOutcome


def receive_result(turn: Turn, event: ConnectorReplied) -> None:
    """Keep the result and go on after the action that made the call."""
    frame = _take_frame(turn, event.call_id)
    if frame is None:
        return
    if frame.result_key is not None:
        turn.assign(frame.result_key, event.result)
    _go_on(turn, frame)


def receive_failure(turn: Turn, event: ConnectorFailed) -> None:
    """Go where the call's ``on_error`` says; else say that something went wrong and enter the fallback.

    A task ends silently: nobody asked for it just now.
    """
    frame = _take_frame(turn, event.call_id)
    if frame is None:
        return
    turn.trace.append(CallFailed(event.call_id, event.kind))
    if frame.kind == "task":
        return
    state = find_state(turn, frame.name)
    target = None if state is None else _target_of(state, frame, event)
    if target is not None:
        turn.assign("error_kind", event.kind.value)
        go(turn, target, EnteredBecause.CALL_FAILED)
        return
    turn.say(Text(turn.sentence("technical_problem")))
    if state is None:
        begin_anew(turn)
    else:
        recover(turn, state, EnteredBecause.CALL_FAILED)


def receive_llm_answer(turn: Turn, event: LLMAnswered) -> None:
    """Say the answer, or the tenant's safe sentence.

    After a customer's question the open question is asked again, and the state stays; after ``ask_llm`` the list of
    actions goes on.
    """
    waiting = turn.waiting
    if waiting is None or not isinstance(waiting.call, AskLLM) or waiting.call.id != event.call_id:
        turn.trace.append(AnswerIgnored(event.call_id))
        return
    turn.waiting = None
    frame = waiting.frame
    if frame is not None:
        _open_frame(turn, frame)
    turn.trace.append(QuestionAnswered(event.call_id, event.outcome))
    turn.say(Text(_answer_text(turn, event)))
    state = present_state(turn)
    if frame is not None:
        _go_on(turn, frame)
    elif state is not None:
        ask_again(turn, state)


def _target_of(state: State, frame: Frame, event: ConnectorFailed) -> str | None:
    """The ``on_error`` of the call; the present program may have another action in its place."""
    made = frame.next_action - 1
    action = unguarded(state.on_enter[made]) if 0 <= made < len(state.on_enter) else None
    return action.on_error.get(event.kind) if isinstance(action, InvokeConnector) else None


def _answer_text(turn: Turn, event: LLMAnswered) -> str:
    if event.outcome is not AnswerOutcome.ANSWERED:
        return turn.sentence(event.outcome.value)
    return event.text if event.text.strip() else turn.sentence(AnswerOutcome.OUT_OF_SCOPE.value)


def _take_frame(turn: Turn, call_id: str) -> Frame | None:
    """The frame of the awaited call, which is not awaited any longer; ``None`` if nobody waits for ``call_id``."""
    frame = turn.frame_of(call_id)
    if frame is None:
        turn.trace.append(AnswerIgnored(call_id))
        return None
    turn.waiting = None
    _open_frame(turn, frame)
    return frame


def _open_frame(turn: Turn, frame: Frame) -> None:
    turn.entered = frame.entered
    if frame.gave_up:
        turn.give_up()
    if frame.kind == "task":
        turn.work_on_task(frame.name, frame.data or {})


def _go_on(turn: Turn, frame: Frame) -> None:
    if frame.kind == "task":
        actions = turn.program.tasks.get(frame.name)
        if actions is None:
            turn.trace.append(TaskUnknown(frame.name))
        else:
            run_task_actions(turn, frame.name, actions, frame.next_action)
    elif (state := find_state(turn, frame.name)) is None:
        begin_anew(turn)
    else:
        run_on_enter(turn, state, frame.next_action)
