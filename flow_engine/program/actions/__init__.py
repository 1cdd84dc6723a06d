"""The actions of the language, one per file, each named as in YAML: what it holds once loaded.

How an action runs is in ``flow_engine.interpreter.actions``, in the file of the same name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from flow_engine.expressions import Condition
from flow_engine.program.actions import (
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
from flow_engine.program.actions.ask_llm import AskLlm
from flow_engine.program.actions.call import Call
from flow_engine.program.actions.cancel_task import CancelTask
from flow_engine.program.actions.end import End
from flow_engine.program.actions.go_to import GoTo
from flow_engine.program.actions.hand_off import HandOff
from flow_engine.program.actions.invoke_connector import InvokeConnector
from flow_engine.program.actions.record import Record
from flow_engine.program.actions.request_contact_info import RequestContactInfo
from flow_engine.program.actions.request_location import RequestLocation
from flow_engine.program.actions.schedule_task import ScheduleTask
from flow_engine.program.actions.send_dynamic_options import SendDynamicOptions
from flow_engine.program.actions.send_interactive_buttons import SendInteractiveButtons
from flow_engine.program.actions.send_interactive_list import SendInteractiveList
from flow_engine.program.actions.send_link_button import SendLinkButton
from flow_engine.program.actions.send_location import SendLocation
from flow_engine.program.actions.send_media import SendMedia
from flow_engine.program.actions.send_reaction import SendReaction
from flow_engine.program.actions.send_template import SendTemplate
from flow_engine.program.actions.send_text import SendText
from flow_engine.program.actions.set_data import SetData
from flow_engine.program.actions.set_language import SetLanguage
from flow_engine.program.reading import Fields

__all__ = [
    "READERS",
    "Action",
    "AskLlm",
    "Call",
    "CancelTask",
    "End",
    "Entry",
    "GoTo",
    "Guarded",
    "HandOff",
    "InvokeConnector",
    "Record",
    "RequestContactInfo",
    "RequestLocation",
    "ScheduleTask",
    "SendDynamicOptions",
    "SendInteractiveButtons",
    "SendInteractiveList",
    "SendLinkButton",
    "SendLocation",
    "SendMedia",
    "SendReaction",
    "SendTemplate",
    "SendText",
    "SetData",
    "SetLanguage",
    "read_action",
    "unguarded",
]

type Action = (
    SendText
    | SendInteractiveButtons
    | SendInteractiveList
    | SendDynamicOptions
    | InvokeConnector
    | ScheduleTask
    | CancelTask
    | AskLlm
    | Call
    | End
    | GoTo
    | HandOff
    | Record
    | SetData
    | SetLanguage
    | RequestContactInfo
    | RequestLocation
    | SendLinkButton
    | SendLocation
    | SendMedia
    | SendReaction
    | SendTemplate
)


@dataclass(frozen=True, slots=True)
class Guarded:
    """An action with a ``when``: it is left out where the condition does not hold.

    Only such an action carries a condition, so that the others are not asked for one.
    """

    when: Condition
    action: Action


READERS: Final[Mapping[str, Callable[[Fields], Action]]] = {
    "send_text": send_text.read,
    "send_interactive_buttons": send_interactive_buttons.read,
    "send_interactive_list": send_interactive_list.read,
    "send_dynamic_options": send_dynamic_options.read,
    "invoke_connector": invoke_connector.read,
    "schedule_task": schedule_task.read,
    "cancel_task": cancel_task.read,
    "ask_llm": ask_llm.read,
    "call": call.read,
    "end": end.read,
    "go_to": go_to.read,
    "hand_off": hand_off.read,
    "record": record.read,
    "set_data": set_data.read,
    "set_language": set_language.read,
    "send_template": send_template.read,
    "send_reaction": send_reaction.read,
    "send_media": send_media.read,
    "send_location": send_location.read,
    "send_link_button": send_link_button.read,
    "request_location": request_location.read,
    "request_contact_info": request_contact_info.read,
}
"""Every action by its name in the normalised program."""


type Entry = Action | Guarded
"""An item of a list of actions."""


def read_action(fields: Fields) -> Entry:
    name = fields.name("action")
    reader = READERS.get(name)
    if reader is None:
        fields.fail("action", f"there is no action {name!r}")
    when = fields.condition("when")
    action = reader(fields)
    return action if when is None else Guarded(when, action)


def unguarded(entry: Entry) -> Action:
    """The action of an entry, whatever its ``when``."""
    return entry.action if isinstance(entry, Guarded) else entry
