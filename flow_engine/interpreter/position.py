"""Where a conversation stands: entering and leaving sub-flows, putting a question aside and taking it up again.

Nothing here says or runs anything; that is for ``states``.
"""

from __future__ import annotations

from dataclasses import replace

from flow_engine.interpreter.limit_signal import LimitReachedSignal
from flow_engine.interpreter.turn import Turn
from flow_engine.limits import MAX_NESTED_CALLS
from flow_engine.position import CallFrame, Interruption
from flow_engine.program.actions import Call
from flow_engine.program.state import State
from flow_engine.program.sub_flow import SubFlow
from flow_engine.trace_detours import FlowCalled, FlowReturned, Interrupted, Returned, StateRenamed
from flow_engine.vocabulary import JSON


def find_state(turn: Turn, name: str) -> State | None:
    """The state of this name in the present program, or the one it was renamed to."""
    program = turn.program
    state = program.states.get(name)
    if state is None and (new := program.renamed_states.get(name)) is not None:
        state = program.states[new]
        turn.trace.append(StateRenamed(name, new))
    return state


def present_state(turn: Turn) -> State | None:
    """The state the conversation is in; ``None`` before its first, and for one that the present program lacks."""
    name = turn.state
    if name is None:
        return None
    state = turn.program.states.get(name)
    if state is not None:
        return state
    state = find_state(turn, name)
    if state is not None and state.name != name:
        turn.state = state.name
        if turn.rested is not None:
            turn.rested = state.name
    return state


def open_call(turn: Turn, call: Call, flow: SubFlow, caller: str, next_action: int) -> None:
    """Put the caller on the stack and give the sub-flow its own data: every input, those not given as null."""
    if len(turn.calls) >= MAX_NESTED_CALLS:
        raise LimitReachedSignal("MAX_NESTED_CALLS")
    turn.leave_for(flow.initial_state)
    data: dict[str, JSON] = dict.fromkeys(flow.inputs)
    data |= {name: value.render(turn.scope) for name, value in call.inputs.items()}
    frame = CallFrame(
        flow.name,
        caller,
        next_action,
        turn.stored_data(),
        call.outputs,
        tuple(turn.history),
        turn.question,
        turn.question_turn,
    )
    turn.calls = (*turn.calls, frame)
    turn.history = []
    turn.rested = None
    turn.replace_data(data)
    turn.trace.append(FlowCalled(flow.name))


def close_call(turn: Turn) -> CallFrame:
    """Take the caller from the stack again, with the outputs in its data."""
    frame = turn.calls[-1]
    outputs = {name: turn.data.get(output) for name, output in frame.outputs.items()}
    turn.calls = turn.calls[:-1]
    turn.state = frame.state
    turn.question, turn.question_turn = frame.question, frame.question_turn
    turn.history = list(frame.history)
    turn.rested = None
    turn.replace_data({**frame.data, **outputs})
    turn.trace.append(FlowReturned(frame.flow))
    return frame


def leave_calls(turn: Turn, depth: int = 0) -> None:
    """Out of all sub-flows but the outermost ``depth``, without their outputs."""
    if len(turn.calls) > depth:
        caller = turn.calls[depth]
        turn.calls = turn.calls[:depth]
        turn.history = list(caller.history)
        turn.rested = None
        turn.replace_data(caller.data)


def is_interrupting(turn: Turn) -> bool:
    """The conversation is inside an interruption, and in no sub-flow that was called from there."""
    return turn.interrupted is not None and len(turn.calls) <= turn.interrupted.depth


def interrupt(turn: Turn, *, everywhere: bool) -> None:
    """Put the open question aside. ``everywhere``: for a transition of the whole flow, not of a sub-flow.

    An interruption of an interruption comes back to the question that was open first.
    """
    if turn.interrupted is not None:
        take_up(turn)
    if turn.state is None:
        return
    leaves = everywhere and bool(turn.calls)
    turn.interrupted = Interruption(
        turn.state,
        turn.question,
        turn.question_turn,
        turn.tries,
        turn.calls if leaves else (),
        turn.stored_data() if leaves else None,
        tuple(turn.history),
        0 if everywhere else len(turn.calls),
    )
    turn.trace.append(Interrupted(turn.state))
    if leaves:
        leave_calls(turn)
    turn.history = []
    turn.rested = None


def take_up(turn: Turn) -> None:
    """Stand again where the interruption found the conversation. What was written to data since then stays."""
    aside = turn.interrupted
    if aside is None:
        return
    turn.interrupted = None
    leave_calls(turn, aside.depth)
    if aside.data is not None and aside.calls:
        turn.calls = (replace(aside.calls[0], data=turn.stored_data()), *aside.calls[1:])
        turn.replace_data(aside.data)
    turn.state, turn.tries, turn.history = aside.state, aside.tries, list(aside.history)
    turn.question, turn.question_turn = aside.question, aside.question_turn
    turn.rested = None
    turn.trace.append(Returned(aside.state))


def abandon(turn: Turn, *, everywhere: bool) -> None:
    """A global transition that does not return: nothing waits for the conversation any more."""
    if everywhere:
        leave_calls(turn)
        turn.interrupted = None
    elif is_interrupting(turn):
        turn.interrupted = None
