"""The actions of the language, one file each, told apart by their key ``action``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import Field

from flow_engine.language.actions.ask_llm import AskLlm
from flow_engine.language.actions.call import Call
from flow_engine.language.actions.cancel_task import CancelTask
from flow_engine.language.actions.end import End
from flow_engine.language.actions.go_to import GoTo
from flow_engine.language.actions.hand_off import HandOff
from flow_engine.language.actions.invoke_connector import InvokeConnector
from flow_engine.language.actions.record import Record
from flow_engine.language.actions.request_contact_info import RequestContactInfo
from flow_engine.language.actions.request_location import RequestLocation
from flow_engine.language.actions.schedule_task import ScheduleTask
from flow_engine.language.actions.send_dynamic_options import SendDynamicOptions
from flow_engine.language.actions.send_interactive_buttons import SendInteractiveButtons
from flow_engine.language.actions.send_interactive_list import SendInteractiveList
from flow_engine.language.actions.send_link_button import SendLinkButton
from flow_engine.language.actions.send_location import SendLocation
from flow_engine.language.actions.send_media import SendMedia
from flow_engine.language.actions.send_reaction import SendReaction
from flow_engine.language.actions.send_template import SendTemplate
from flow_engine.language.actions.send_text import SendText
from flow_engine.language.actions.set_data import SetData
from flow_engine.language.actions.set_language import SetLanguage
from flow_engine.language.construct import Construct
from flow_engine.limits import MAX_ACTIONS_PER_LIST

type Action = Annotated[
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
    | SendMedia
    | SendLocation
    | RequestLocation
    | RequestContactInfo
    | SendLinkButton
    | SendReaction
    | SendTemplate,
    Field(discriminator="action"),
]

type Actions = Annotated[tuple[Action, ...], Field(max_length=MAX_ACTIONS_PER_LIST)]
"""What is done on entering a state, or by a task."""

ACTIONS: Final[Mapping[str, type[Construct]]] = {
    "send_text": SendText,
    "send_interactive_buttons": SendInteractiveButtons,
    "send_interactive_list": SendInteractiveList,
    "send_dynamic_options": SendDynamicOptions,
    "invoke_connector": InvokeConnector,
    "schedule_task": ScheduleTask,
    "cancel_task": CancelTask,
    "ask_llm": AskLlm,
    "call": Call,
    "end": End,
    "go_to": GoTo,
    "hand_off": HandOff,
    "record": Record,
    "set_data": SetData,
    "set_language": SetLanguage,
    "send_media": SendMedia,
    "send_location": SendLocation,
    "request_location": RequestLocation,
    "request_contact_info": RequestContactInfo,
    "send_link_button": SendLinkButton,
    "send_reaction": SendReaction,
    "send_template": SendTemplate,
}

__all__ = [
    "ACTIONS",
    "Action",
    "Actions",
    "AskLlm",
    "Call",
    "CancelTask",
    "End",
    "GoTo",
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
]
