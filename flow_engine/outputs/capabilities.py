"""What a channel can show: one JSON file per channel in ``channels/``, read when a program is loaded.

A new channel adds a file there and no code. The file names are the names that a snapshot carries.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from flow_engine.vocabulary import MediaType

PLAIN_TEXT = "plain_text"
"""The profile of a channel that has none: text only, which every messenger can show."""

_FOLDER = Path(__file__).parent / "channels"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """The limits of one channel. ``…_chars`` count code points; zero of a kind means that the kind is not there.

    ``ids_in_bytes``: the limits of ids count bytes of UTF-8. ``media_types`` are shown in the chat, those in
    ``captioned`` with words under them. ``place_chars`` is for the name and the address of a location each,
    ``parameter_chars`` for what fills one blank of a template.
    """

    text_chars: int
    body_chars: int
    header_chars: int
    footer_chars: int
    max_buttons: int
    button_title_chars: int
    button_id_chars: int
    max_rows: int
    row_title_chars: int
    row_id_chars: int
    row_description_chars: int
    section_title_chars: int
    list_button_chars: int
    ids_in_bytes: bool
    media_types: frozenset[MediaType]
    captioned: frozenset[MediaType]
    caption_chars: int
    filename_chars: int
    url_chars: int
    link_buttons: bool
    link_title_chars: int
    locations: bool
    place_chars: int
    location_requests: bool
    contact_info_requests: bool
    reactions: bool
    templates: bool
    parameter_chars: int


def read_capabilities() -> Mapping[str, Capabilities]:
    """Every channel's limits by channel name. Reads files, so it belongs to loading and never to a turn."""
    return {file.stem: _read(json.loads(file.read_text(encoding="utf-8"))) for file in sorted(_FOLDER.glob("*.json"))}


def _read(limits: Mapping[str, int | bool | list[str]]) -> Capabilities:
    values: dict[str, int | bool | frozenset[MediaType]] = {}
    for field in fields(Capabilities):
        value = limits[field.name]
        values[field.name] = frozenset(map(MediaType, value)) if isinstance(value, list) else value
    return Capabilities(**values)  # type: ignore[arg-type]  # the committed files are held to these kinds by a test
