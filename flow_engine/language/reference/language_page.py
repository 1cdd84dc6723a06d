"""``docs/flow-language.md``: the frame in ``frame.md`` with the sections of the constructs put in.

A line ``[[name]]`` of the frame is where the part of that name goes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from flow_engine.language.actions import ACTIONS
from flow_engine.language.actions.hand_off import Resume
from flow_engine.language.actions.invoke_connector import OnError
from flow_engine.language.actions.send_interactive_buttons import Button
from flow_engine.language.actions.send_interactive_list import Row, Section
from flow_engine.language.actions.send_template import TemplateButton, TemplateForm, TemplateLocation, TemplateMedia
from flow_engine.language.collect import Choice, Collect
from flow_engine.language.construct import Construct
from flow_engine.language.document import FlowDocument, Session, SubFlow
from flow_engine.language.reference.constructs import construct_section
from flow_engine.language.reference.tables import (
    bounds_table,
    channels_table,
    connectors_list,
    filters_table,
    message_types,
)
from flow_engine.language.standing_schedules import ForEach, StandingSchedule
from flow_engine.language.states import State, Timeout
from flow_engine.language.transitions import Transition

_MODELS: Final[tuple[type[Construct], ...]] = (
    FlowDocument,
    Session,
    SubFlow,
    State,
    Collect,
    Choice,
    Timeout,
    Transition,
    StandingSchedule,
    ForEach,
)
_WITHIN: Final[Mapping[str, tuple[type[Construct], ...]]] = {
    "send_interactive_buttons": (Button,),
    "send_interactive_list": (Section, Row),
    "invoke_connector": (OnError,),
    "hand_off": (Resume,),
    "send_template": (TemplateMedia, TemplateLocation, TemplateButton, TemplateForm),
}
"""Constructs that stand inside one action only and are explained with it."""

_PLACE: Final = re.compile(r"^\[\[(\w+)\]\]$", re.MULTILINE)


def language_page() -> str:
    parts = _parts()
    frame = (Path(__file__).parent / "frame.md").read_text(encoding="utf-8")
    return _PLACE.sub(lambda place: parts[place[1]](), frame)


def _parts() -> dict[str, Callable[[], str]]:
    parts: dict[str, Callable[[], str]] = {model.__name__: partial(construct_section, model) for model in _MODELS}
    return parts | {
        "actions": _actions,
        "filters": filters_table,
        "message_types": message_types,
        "bounds": bounds_table,
        "connectors": connectors_list,
        "channels": channels_table,
    }


def _actions() -> str:
    sections: list[str] = []
    for name, model in ACTIONS.items():
        sections.append(f"### {name}\n\n{construct_section(model)}")
        sections += [f"#### {inner.__name__}\n\n{construct_section(inner)}" for inner in _WITHIN.get(name, ())]
    return "\n\n".join(sections)
