"""Moving between states: follow a transition, enter a state, fall back, ask the open question again."""

from __future__ import annotations

from flow_engine.interpreter.actions import After, run_action
from flow_engine.interpreter.matching import Match
from flow_engine.interpreter.turn import Turn
from flow_engine.program.state import State
from flow_engine.trace import EnteredBecause, QuestionRepeated, StateEntered


def follow(turn: Turn, match: Match) -> None:
    """Write what the transition says, then enter its target."""
    transition = match.transition
    if transition.extract_suffix_as is not None and match.suffix is not None:
        turn.assign(transition.extract_suffix_as, match.suffix)
    rendered = [(name, value.render(turn.scope)) for name, value in transition.set_data.items()]
    for name, value in rendered:
        turn.assign(name, value)
    enter(turn, transition.target, EnteredBecause.TRANSITION)


def enter(turn: Turn, name: str, because: EnteredBecause) -> None:
    turn.count_state(name)
    turn.state = name
    turn.question = None
    turn.trace.append(StateEntered(name, because))
    run_on_enter(turn, turn.program.states[name], first=0)


def run_on_enter(turn: Turn, state: State, first: int) -> None:
    """Run the state's actions from index ``first``, to the end or to the first that must wait."""
    actions = state.on_enter
    for index in range(first, len(actions)):
        match run_action(turn, actions[index], state.name, index):
            case After.GO_ON:
                continue
            case After.WAIT:
                return
            case After.FALL_BACK:
                if recover(turn, state, EnteredBecause.NOTHING_TO_OFFER):
                    return


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
