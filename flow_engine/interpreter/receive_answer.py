"""What the answer to a connector call or a free question leads to. One that nobody waits for changes nothing."""

from __future__ import annotations

from flow_engine.conversation_state import Frame
from flow_engine.effects import AskLLM, CallConnector
from flow_engine.events import ConnectorFailed, ConnectorReplied, LLMAnswered
from flow_engine.interpreter.run_task import run_task_actions
from flow_engine.interpreter.states import ask_again, enter, recover, run_on_enter
from flow_engine.interpreter.turn import Turn
from flow_engine.outputs.output import Text
from flow_engine.trace import AnswerIgnored, CallFailed, EnteredBecause, QuestionAnswered, TaskUnknown
from flow_engine.vocabulary import AnswerOutcome


def receive_result(turn: Turn, event: ConnectorReplied) -> None:
    """Keep the result and go on after the action that made the call."""
    frame = _take_frame(turn, event.call_id)
    if frame is None:
        return
    if frame.result_key is not None:
        turn.assign(frame.result_key, event.result)
    if frame.kind == "task":
        _go_on_with_task(turn, frame)
    elif (state := turn.program.states.get(frame.name)) is None:
        enter(turn, turn.program.initial_state, EnteredBecause.STATE_GONE)
    else:
        run_on_enter(turn, state, frame.next_action)


def receive_failure(turn: Turn, event: ConnectorFailed) -> None:
    """Say that something went wrong and enter the fallback. A task ends silently: nobody asked for it just now."""
    frame = _take_frame(turn, event.call_id)
    if frame is None:
        return
    turn.trace.append(CallFailed(event.call_id, event.kind))
    if frame.kind == "task":
        return
    turn.say(Text(turn.sentence("technical_problem")))
    state = turn.program.states.get(frame.name)
    if state is None:
        enter(turn, turn.program.initial_state, EnteredBecause.STATE_GONE)
    else:
        recover(turn, state, EnteredBecause.CALL_FAILED)


def receive_llm_answer(turn: Turn, event: LLMAnswered) -> None:
    """Say the answer, or the tenant's safe sentence; then ask the open question again. The state stays."""
    if turn.waiting is None or not isinstance(turn.waiting.call, AskLLM) or turn.waiting.call.id != event.call_id:
        turn.trace.append(AnswerIgnored(event.call_id))
        return
    turn.waiting = None
    turn.trace.append(QuestionAnswered(event.call_id, event.outcome))
    turn.say(Text(_answer_text(turn, event)))
    state = None if turn.state is None else turn.program.states.get(turn.state)
    if state is not None:
        ask_again(turn, state)


def _answer_text(turn: Turn, event: LLMAnswered) -> str:
    if event.outcome is not AnswerOutcome.ANSWERED:
        return turn.sentence(event.outcome.value)
    return event.text if event.text.strip() else turn.sentence(AnswerOutcome.OUT_OF_SCOPE.value)


def _take_frame(turn: Turn, call_id: str) -> Frame | None:
    """The frame of the awaited call, which is not awaited any longer; ``None`` if nobody waits for ``call_id``."""
    waiting = turn.waiting
    if waiting is None or not isinstance(waiting.call, CallConnector) or waiting.call.id != call_id:
        turn.trace.append(AnswerIgnored(call_id))
        return None
    turn.waiting = None
    frame = waiting.frame
    if frame is not None:
        turn.entered = frame.entered
        if frame.kind == "task":
            turn.work_on_task(frame.name, frame.data or {})
    return frame


def _go_on_with_task(turn: Turn, frame: Frame) -> None:
    actions = turn.program.tasks.get(frame.name)
    if actions is None:
        turn.trace.append(TaskUnknown(frame.name))
    else:
        run_task_actions(turn, frame.name, actions, frame.next_action)
