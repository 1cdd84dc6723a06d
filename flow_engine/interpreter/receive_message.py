"""What a customer's message leads to. A deterministic match comes first, always; the LLM only where nothing matched."""

from __future__ import annotations

from typing import Final, assert_never

from flow_engine.answers import Ambiguous, NotUnderstood, Parsed, Reason
from flow_engine.effects import AskLLM
from flow_engine.interpreter.answer import NO, Answer, read_answer
from flow_engine.interpreter.collecting import ask_once_more, is_choice, keep, offer_meanings, read_collected
from flow_engine.interpreter.matching import find_transition
from flow_engine.interpreter.offering_back import offer_near_misses
from flow_engine.interpreter.paging import turn_page
from flow_engine.interpreter.position import present_state
from flow_engine.interpreter.states import ask_again, begin_anew, end_conversation, enter, fall_back, follow, go
from flow_engine.interpreter.timers import is_expired
from flow_engine.interpreter.turn import Turn
from flow_engine.limits import MAX_QUESTION_CHARS
from flow_engine.messages import InternalMessage
from flow_engine.outputs.graphemes import cut
from flow_engine.outputs.output import Text
from flow_engine.position import WaitingFor
from flow_engine.program.collect import Collect
from flow_engine.program.state import State
from flow_engine.trace import EnteredBecause, MessageIgnored, QuestionAsked
from flow_engine.trace_answers import AnswerRefused, OldTap
from flow_engine.trace_detours import MessageNotRead, MessageWhilePaused
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
    answer = read_answer(turn, state, message)
    own_only = state is not None and state.collect is not None and is_choice(turn, state, answer)
    match = find_transition(turn, state, answer, own_only=own_only)
    if match is None and _asks_for_nothing(turn, state, message):
        turn.trace.append(MessageIgnored(message.type))
        return
    was_asked = turn.waiting is None or isinstance(turn.waiting.call, AskLLM)
    turn.stop_waiting()
    if match is not None:
        follow(turn, match)
    elif answer.old:
        _answer_old(turn, state, answer)
    elif state is None:
        _start(turn)
    else:
        _find_meaning(turn, state, answer, was_asked=was_asked)


def _find_meaning(turn: Turn, state: State, answer: Answer, *, was_asked: bool) -> None:
    """No transition matched. ``was_asked``: the state's entering was not cut short, so its question is open."""
    if answer.message.type is MessageType.WELCOME:
        ask_again(turn, state)
    elif answer.payload == NO:
        _ask_after_no(turn, state)
    elif state.collect is None and _says_nothing(answer.message):
        turn.trace.append(MessageNotRead(answer.message.type))
        turn.say(Text(turn.sentence("unsupported")))
        ask_again(turn, state)
    elif state.collect is not None and was_asked:
        _collect(turn, state, state.collect, answer)
    elif offer_near_misses(turn, state, answer):
        return
    elif _is_free_question(turn, state, answer.message):
        _ask_llm(turn, answer.message)
    else:
        fall_back(turn, state)


def _answer_old(turn: Turn, state: State | None, answer: Answer) -> None:
    """A tap on a message further up is answered, but never taken for an answer to the open question."""
    turn.trace.append(OldTap(answer.payload or ""))
    turn.say(Text(turn.sentence("stale_option")))
    if state is None:
        _start(turn)
    else:
        ask_again(turn, state)


def _ask_after_no(turn: Turn, state: State) -> None:
    if not ask_again(turn, state):
        turn.say(Text(turn.sentence("not_understood")))


def _collect(turn: Turn, state: State, collect: Collect, answer: Answer) -> None:
    """Keep the answer and go on; ask back; or ask again, until there were too many tries."""
    result = read_collected(turn, collect, answer)
    match result:
        case Parsed():
            keep(turn, collect, result.value)
            go(turn, collect.target, EnteredBecause.ANSWER)
        case Ambiguous():
            offer_meanings(turn, collect, result.candidates)
        case NotUnderstood() if offer_near_misses(turn, state, answer):
            return
        case NotUnderstood() if _is_other_question(turn, state, answer.message, result.reason):
            _ask_llm(turn, answer.message)
        case NotUnderstood():
            _refuse(turn, state, collect, result.reason)
        case _:
            assert_never(result)


def _refuse(turn: Turn, state: State, collect: Collect, reason: Reason) -> None:
    turn.tries += 1
    turn.trace.append(AnswerRefused(reason.value, turn.tries))
    target = collect.on_max_tries or state.fallback
    if turn.tries < collect.max_tries or target is None:
        ask_once_more(turn, collect, reason)
    else:
        turn.tries = 0
        go(turn, target, EnteredBecause.TRIES)


def _start(turn: Turn) -> None:
    if turn.state is None:
        enter(turn, turn.program.initial_state, EnteredBecause.START)
    else:
        begin_anew(turn)


def _says_nothing(message: InternalMessage) -> bool:
    """Nothing to read in it, and nobody who listens or looks. Words under a picture are read as any others."""
    return message.type not in _READ and not message.text.strip()


_READ: Final = frozenset({MessageType.TEXT, MessageType.BUTTON, MessageType.LIST, MessageType.WELCOME})


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


def _is_other_question(turn: Turn, state: State, message: InternalMessage, reason: Reason) -> bool:
    """What is asked for may stand in a question about something else: "have you got 2 chairs?" names no day."""
    asks = reason is Reason.UNKNOWN or (reason is Reason.OUT_OF_RANGE and "?" in message.text)
    return asks and _is_free_question(turn, state, message)


def _ask_llm(turn: Turn, message: InternalMessage) -> None:
    """The state stays as it is; the answer will be followed by the open question."""
    call = AskLLM(
        turn.next_effect_id(), cut(message.text.strip(), MAX_QUESTION_CHARS), turn.language or turn.program.language
    )
    turn.effects.append(call)
    turn.waiting = WaitingFor(call, None)
    turn.trace.append(QuestionAsked(call.id))
