"""What a customer's message leads to. A deterministic match comes first, always; the LLM only where nothing matched."""

from __future__ import annotations

from flow_engine.conversation_state import WaitingFor
from flow_engine.effects import AskLLM
from flow_engine.interpreter.matching import find_transition, read_answer
from flow_engine.interpreter.states import ask_again, enter, fall_back, follow
from flow_engine.interpreter.turn import Turn
from flow_engine.limits import MAX_QUESTION_CHARS
from flow_engine.messages import InternalMessage
from flow_engine.outputs.graphemes import cut
from flow_engine.program.state import State
from flow_engine.trace import EnteredBecause, MessageIgnored, QuestionAsked, WaitCancelled
from flow_engine.vocabulary import MessageType


def receive_message(turn: Turn, message: InternalMessage) -> None:
    turn.begin()
    turn.meet(message)
    state = None if turn.state is None else turn.program.states.get(turn.state)
    match = find_transition(turn, state, read_answer(message, turn.question))
    if match is None and _asks_for_nothing(turn, state, message):
        turn.trace.append(MessageIgnored(message.type))
        return
    _stop_waiting(turn)
    if match is not None:
        follow(turn, match)
    elif state is None:
        # A state that the present program no longer has is as good as none.
        because = EnteredBecause.START if turn.state is None else EnteredBecause.STATE_GONE
        enter(turn, turn.program.initial_state, because)
    elif message.type is MessageType.WELCOME:
        ask_again(turn, state)
    elif _is_free_question(turn, state, message):
        _ask_llm(turn, message)
    else:
        fall_back(turn, state)


def _asks_for_nothing(turn: Turn, state: State | None, message: InternalMessage) -> bool:
    """A heart under a message is no question, and opening a chat that is under way is none either."""
    if message.type is MessageType.REACTION:
        return True
    return message.type is MessageType.WELCOME and state is not None and turn.question is None


def _stop_waiting(turn: Turn) -> None:
    """The driver hands over one event after the other, so an answer that is still open now was lost."""
    if turn.waiting is not None:
        turn.trace.append(WaitCancelled(turn.waiting.call.id))
        turn.waiting = None


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
    call = AskLLM(turn.next_effect_id(), cut(message.text.strip(), MAX_QUESTION_CHARS), turn.program.language)
    turn.effects.append(call)
    turn.waiting = WaitingFor(call, None)
    turn.trace.append(QuestionAsked(call.id))
