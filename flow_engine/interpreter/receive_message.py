"""What a customer's message leads to. A deterministic match comes first, always; the LLM only where nothing matched."""

from __future__ import annotations

from flow_engine.conversation_state import WaitingFor
from flow_engine.effects import AskLLM
from flow_engine.interpreter.matching import find_transition, read_answer
from flow_engine.interpreter.paging import turn_page
from flow_engine.interpreter.position import present_state
from flow_engine.interpreter.states import ask_again, begin_anew, end_conversation, enter, fall_back, follow
from flow_engine.interpreter.timers import is_expired
from flow_engine.interpreter.turn import Turn
from flow_engine.limits import MAX_QUESTION_CHARS
from flow_engine.messages import InternalMessage
from flow_engine.outputs.graphemes import cut
from flow_engine.program.state import State
from flow_engine.trace import EnteredBecause, MessageIgnored, QuestionAsked
from flow_engine.trace_detours import MessageWhilePaused
from flow_engine.vocabulary import MessageType, Timer


def receive_message(turn: Turn, message: InternalMessage) -> None:
    turn.begin()
    if turn.paused:
        turn.meet(message)
        turn.trace.append(MessageWhilePaused(message.type))
        return
    if turn.program.session is not None and is_expired(turn):
        end_conversation(turn, Timer.SESSION.value)
    turn.meet(message)
    if turn_page(turn, message):
        return
    state = present_state(turn)
    match = find_transition(turn, state, read_answer(message, turn.question))
    if match is None and _asks_for_nothing(turn, state, message):
        turn.trace.append(MessageIgnored(message.type))
        return
    turn.stop_waiting()
    if match is not None:
        follow(turn, match)
    elif state is None:
        _start(turn)
    elif message.type is MessageType.WELCOME:
        ask_again(turn, state)
    elif _is_free_question(turn, state, message):
        _ask_llm(turn, message)
    else:
        fall_back(turn, state)


def _start(turn: Turn) -> None:
    if turn.state is None:
        enter(turn, turn.program.initial_state, EnteredBecause.START)
    else:
        begin_anew(turn)


def _asks_for_nothing(turn: Turn, state: State | None, message: InternalMessage) -> bool:
    """A heart under a message is no question, and opening a chat that is under way is none either."""
    if message.type is MessageType.REACTION:
        return True
    return message.type is MessageType.WELCOME and state is not None and turn.question is None


def _is_free_question(turn: Turn, state: State, message: InternalMessage) -> bool:
    return (
        state.llm_fallback
        and turn.program.llm_enabled
        and message.type is MessageType.TEXT
        and message.payload is None
        and bool(message.text.strip())
    )


def _ask_llm(turn: Turn, message: InternalMessage) -> None:
    """The state stays as it is; the answer will be followed by the open question."""
    call = AskLLM(
        turn.next_effect_id(), cut(message.text.strip(), MAX_QUESTION_CHARS), turn.language or turn.program.language
    )
    turn.effects.append(call)
    turn.waiting = WaitingFor(call, None)
    turn.trace.append(QuestionAsked(call.id))
