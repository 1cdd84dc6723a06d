"""Moving between states: follow a transition, enter a state, fall back, ask the open question again."""

from __future__ import annotations

from flow_engine.interpreter import position
from flow_engine.interpreter.actions import After, run_action
from flow_engine.interpreter.collecting import ask
from flow_engine.interpreter.limit_signal import LimitReachedSignal
from flow_engine.interpreter.matching import Match
from flow_engine.interpreter.turn import Turn
from flow_engine.outputs.output import Text
from flow_engine.program.actions import Call, Entry, GoTo, unguarded
from flow_engine.program.state import State
from flow_engine.trace import EnteredBecause, LimitReached, QuestionRepeated, StateEntered
from flow_engine.trace_detours import ConversationEnded


def follow(turn: Turn, match: Match) -> None:
    """Write what the transition says, then go to its target."""
    transition = match.transition
    if transition.returns:
        position.interrupt(turn, everywhere=match.everywhere)
    elif match.is_global and (turn.calls or turn.interrupted is not None):
        position.abandon(turn, everywhere=match.everywhere)
    if match.found:
        for name, value in match.found.items():
            turn.assign(name, value)
    if transition.set_data:
        turn.assign_all(transition.set_data)
    go(turn, transition.target, EnteredBecause.TRANSITION)


def go(turn: Turn, target: str, because: EnteredBecause) -> None:
    """Enter a state, or go where one of the words ``@back``, ``@restart``, ``@return`` and ``@end`` leads."""
    if target[0] != "@":
        enter(turn, target, because)
        return
    match target:
        case "@back":
            _go_back(turn)
        case "@restart":
            restart(turn)
        case "@return" | "@end":
            end(turn, returns=target == "@return")
        case _:
            enter(turn, target, because)


def enter(turn: Turn, name: str, because: EnteredBecause) -> None:
    turn.stand_in(name)
    turn.trace.append(StateEntered(name, because))
    run_on_enter(turn, turn.program.states[name], first=0)


def run_on_enter(turn: Turn, state: State, first: int) -> None:
    """Run the state's actions from index ``first``, to the first that must wait or leads away; at the end, ask."""
    actions = state.on_enter
    for index in range(first, len(actions)):
        after = run_action(turn, actions[index], state.places[index])
        if after is After.GO_ON:
            continue
        if after is After.WAIT:
            return
        if after is After.MOVE:
            _move(turn, actions[index], state, index + 1)
            return
        if recover(turn, state, EnteredBecause.NOTHING_TO_OFFER):
            return
    if state.collect is not None:
        ask(turn, state.collect)


def _move(turn: Turn, entry: Entry, state: State, next_action: int) -> None:
    action = unguarded(entry)
    if isinstance(action, GoTo):
        go(turn, action.target, EnteredBecause.GO_TO)
    elif isinstance(action, Call):
        flow = turn.program.flows[action.flow]
        position.open_call(turn, action, flow, state.name, next_action)
        enter(turn, flow.initial_state, EnteredBecause.CALL)
    else:
        end(turn)


def recover(turn: Turn, state: State, because: EnteredBecause) -> bool:
    """Enter the fallback of a state that cannot go on; ``False`` if that would lead back to where the trouble is."""
    target = state.fallback
    if target is None or target == state.name or target in turn.entered:
        return False
    enter(turn, target, because)
    return True


def fall_back(turn: Turn, state: State) -> None:
    """Nothing matched: enter the fallback; a state without one asks again."""
    if state.fallback is not None:
        enter(turn, state.fallback, EnteredBecause.FALLBACK)
    elif not ask_again(turn, state):
        enter(turn, state.name, EnteredBecause.RE_ENTRY)


def ask_again(turn: Turn, state: State) -> bool:
    """Repeat the open question; ``False`` if there is none."""
    if turn.question is None:
        return False
    turn.trace.append(QuestionRepeated(state.name))
    turn.say(turn.question)
    return True


def begin_anew(turn: Turn) -> None:
    """The conversation's state is not in the present program: say so and start from its beginning."""
    position.leave_calls(turn)
    turn.interrupted = None
    turn.history = []
    turn.rested = None
    moved = turn.program.moved_text
    turn.say(Text(turn.sentence("moved") if moved is None else moved.render_text(turn.scope)))
    enter(turn, turn.program.initial_state, EnteredBecause.STATE_GONE)


def restart(turn: Turn) -> None:
    """From the beginning, with nothing in data."""
    turn.calls = ()
    turn.interrupted = None
    turn.history = []
    turn.rested = None
    turn.replace_data({})
    enter(turn, turn.program.initial_state, EnteredBecause.RESTART)


def end(turn: Turn, *, returns: bool = False) -> None:
    """End the innermost thing there is: an interruption, a sub-flow, or the conversation.

    ``returns`` is for ``@return``, which begins anew where there is nothing to return to.
    """
    if position.is_interrupting(turn):
        come_back(turn)
    elif turn.calls:
        _return_to_caller(turn)
    elif returns:
        enter(turn, turn.program.initial_state, EnteredBecause.RE_ENTRY)
    else:
        end_conversation(turn, "end")


def end_conversation(turn: Turn, because: str) -> None:
    """The next message starts anew; data stays."""
    position.leave_calls(turn)
    turn.interrupted = None
    turn.state = None
    turn.question = None
    turn.tries = 0
    turn.history = []
    turn.rested = None
    turn.trace.append(ConversationEnded(because))


def come_back(turn: Turn) -> None:
    """Take up what was interrupted and ask its question again; a state that only spoke says it again."""
    position.take_up(turn)
    state = position.present_state(turn)
    if state is None:
        begin_anew(turn)
    elif not ask_again(turn, state) and state.only_speaks:
        enter(turn, state.name, EnteredBecause.RE_ENTRY)


def come_back_if_done(turn: Turn) -> None:
    """An interrupting state that asks for nothing is over with its turn."""
    if turn.question is not None or turn.waiting is not None or turn.paused or not position.is_interrupting(turn):
        return
    state = position.present_state(turn)
    if state is None or not (state.transitions or state.collect):
        come_back(turn)


def give_up(turn: Turn, limit: str) -> None:
    """A loop guard ends the turn: one more sentence, then the fallback, if it was not part of the loop.

    A task ends silently, for nobody waits for an answer. What the fallback may use is bounded as well; when that is
    gone too, the turn ends where it stands.
    """
    turn.trace.append(LimitReached(limit))
    if turn.task is not None or turn.gave_up:
        return
    turn.apologise()
    state = position.present_state(turn)
    if state is None:
        return
    try:
        recover(turn, state, EnteredBecause.GUARD)
    except LimitReachedSignal as again:
        turn.trace.append(LimitReached(again.limit))


def _go_back(turn: Turn) -> None:
    """Into the state the conversation rested in before; out of a sub-flow or an interruption where that began it."""
    turn.rested = None
    while True:
        while turn.history:
            name, turn.history = turn.history[-1], turn.history[:-1]
            state = position.find_state(turn, name)
            if state is not None:
                enter(turn, state.name, EnteredBecause.BACK)
                return
        if position.is_interrupting(turn):
            come_back(turn)
            return
        if not turn.calls:
            enter(turn, turn.program.initial_state, EnteredBecause.BACK)
            return
        position.close_call(turn)


def _return_to_caller(turn: Turn) -> None:
    frame = position.close_call(turn)
    state = position.present_state(turn)
    if state is None:
        begin_anew(turn)
    else:
        run_on_enter(turn, state, frame.next_action)
