"""What can become of an output on its way into a channel, and the words that some changes need."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from flow_engine.outputs.output import Option, Output

FILLER: Final = "…"
"""Stands where a channel demands a text and there is none."""


class DegradationKind(StrEnum):
    """What had to be changed."""

    EMPTY_DROPPED = "empty_dropped"
    EMPTY_FILLED = "empty_filled"
    TEXT_SPLIT = "text_split"
    TITLE_CUT = "title_cut"
    DESCRIPTION_CUT = "description_cut"
    SECTION_TITLE_CUT = "section_title_cut"
    LIST_BUTTON_CUT = "list_button_cut"
    HEADER_MOVED = "header_moved"
    FOOTER_MOVED = "footer_moved"
    SECTIONS_MERGED = "sections_merged"
    BUTTONS_TO_LIST = "buttons_to_list"
    LIST_TO_BUTTONS = "list_to_buttons"
    LIST_PAGED = "list_paged"
    LIST_SPLIT = "list_split"
    TO_NUMBERED_TEXT = "to_numbered_text"
    MEDIA_TO_TEXT = "media_to_text"
    CAPTION_MOVED = "caption_moved"
    FILENAME_CUT = "filename_cut"
    LOCATION_TO_TEXT = "location_to_text"
    LOCATION_UNUSABLE = "location_unusable"
    PLACE_CUT = "place_cut"
    REQUEST_TO_TEXT = "request_to_text"
    LINK_BUTTON_TO_TEXT = "link_button_to_text"
    LINK_UNUSABLE = "link_unusable"
    REACTION_TO_TEXT = "reaction_to_text"
    TEMPLATE_TO_TEXT = "template_to_text"
    PARAMETER_JOINED = "parameter_joined"
    PARAMETER_CUT = "parameter_cut"


@dataclass(frozen=True, slots=True)
class Degradation:
    """One change. ``subject`` is the id of the option it concerns, or empty for the whole message."""

    kind: DegradationKind
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """The bot's own words for changes that need some.

    ``list_button`` opens a list that was made from buttons. ``more`` is the last row of a page and leads to the next;
    without it, pages go out all at once.
    """

    list_button: str = FILLER
    more: Option | None = None


@dataclass(slots=True)
class Notes:
    """The changes made so far to one output."""

    changes: list[Degradation] = field(default_factory=list)

    def add(self, kind: DegradationKind, subject: str = "") -> None:
        self.changes.append(Degradation(kind, subject))


type Shaped = tuple[Output, ...]
