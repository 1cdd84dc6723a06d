"""How each action runs: one file per action, named as in YAML, and the table that finds it.

Adding an action: its values in ``program/actions/<action>.py``, its behaviour in a file here, a line in each table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, get_args

from flow_engine.interpreter.actions import (
    ask_llm,
    call,
    cancel_task,
    end,
    go_to,
    hand_off,
    invoke_connector,
    record,
    request_contact_info,
    request_location,
    schedule_task,
    send_dynamic_options,
    send_interactive_buttons,
    send_interactive_list,
    send_link_button,
    send_location,
    send_media,
    send_reaction,
    send_template,
    send_text,
    set_data,
    set_language,
)
from flow_engine.interpreter.actions.after import After
from flow_engine.interpreter.limit_signal import LimitReachedSignal
from flow_engine.interpreter.turn import Turn
from flow_engine.program.actions import (
    Action,
    AskLlm,
    Call,
    CancelTask,
    End,
    Entry,
    GoTo,
    Guarded,
    HandOff,
    InvokeConnector,
    Record,
    RequestContactInfo,
    RequestLocation,
    ScheduleTask,
    SendDynamicOptions,
    SendInteractiveButtons,
    SendInteractiveList,
    SendLinkButton,
    SendLocation,
    SendMedia,
    SendReaction,
    SendTemplate,
    SendText,
    SetData,
    SetLanguage,
)
from flow_engine.trace import ActionRun
from flow_engine.trace_detours import ActionSkipped

__all__ = ["After", "run_action"]

# The value's argument is the class of its key, which a mapping's type cannot say.
_RUNNERS: Final[Mapping[type[Action], Callable[[Turn, Any], After]]] = {
    SendText: send_text.run,
    SendInteractiveButtons: send_interactive_buttons.run,
    SendInteractiveList: send_interactive_list.run,
    SendDynamicOptions: send_dynamic_options.run,
    InvokeConnector: invoke_connector.run,
    ScheduleTask: schedule_task.run,
    CancelTask: cancel_task.run,
    AskLlm: ask_llm.run,
    Call: call.run,
    End: end.run,
    GoTo: go_to.run,
    HandOff: hand_off.run,
    Record: record.run,
    SetData: set_data.run,
    SetLanguage: set_language.run,
    SendTemplate: send_template.run,
    SendReaction: send_reaction.run,
    SendMedia: send_media.run,
    SendLocation: send_location.run,
    SendLinkButton: send_link_button.run,
    RequestLocation: request_location.run,
    RequestContactInfo: request_contact_info.run,
}

if _RUNNERS.keys() != set(get_args(Action.__value__)):
    raise TypeError("every action needs exactly one line in the table above")


def run_action(turn: Turn, action: Entry, place: ActionRun) -> After:
    """Run an action. ``place`` says where it stands and is what the trace will tell."""
    if turn.actions_left <= 0:
        raise LimitReachedSignal("MAX_ACTIONS_PER_STEP")
    turn.actions_left -= 1
    turn.place = place
    if isinstance(action, Guarded):
        if not action.when.test(turn.scope):
            turn.trace.append(ActionSkipped(place.name, place.index))
            return After.GO_ON
        action = action.action
    turn.trace.append(place)
    return _RUNNERS[type(action)](turn, action)
