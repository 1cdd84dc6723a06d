from __future__ import annotations

from flow_engine.effects import CallConnector
from flow_engine.interpreter.actions.after import After
from flow_engine.interpreter.turn import Turn
from flow_engine.position import Frame, WaitingFor
from flow_engine.program.actions.invoke_connector import InvokeConnector
from flow_engine.trace import WaitCancelled


def run(turn: Turn, action: InvokeConnector) -> After:
    params = action.params.render(turn.scope)
    call = CallConnector(
        turn.next_effect_id(),
        action.connector,
        action.operation,
        params if isinstance(params, dict) else {},
    )
    frame = frame_after(turn, action.result_key)
    turn.effects.append(call)
    turn.waiting = WaitingFor(call, frame)
    return After.WAIT


def frame_after(turn: Turn, result_key: str | None) -> Frame:
    """Where to go on once the answer to the action that is running is there."""
    if turn.waiting is not None:
        # Only a task can come here: there is one wait, and the driver lost the answer to the earlier call.
        turn.trace.append(WaitCancelled(turn.waiting.call.id))
    name, index = turn.place.name, turn.place.index
    if turn.task is None:
        return Frame("state", name, index + 1, result_key, None, turn.entered, turn.gave_up)
    return Frame("task", name, index + 1, result_key, turn.stored_data())
