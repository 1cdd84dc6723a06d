"""What a channel can show: one JSON file per channel in ``channels/``, read when a program is loaded.

A new channel adds a file there and no code. The file names are the names that a snapshot carries.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

PLAIN_TEXT = "plain_text"
"""The profile of a channel that has none: text only, which every messenger can show."""

_FOLDER = Path(__file__).parent / "channels"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """The limits of one channel. ``…_chars`` count code points; zero buttons or rows means the kind is not there."""

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


def read_capabilities() -> Mapping[str, Capabilities]:
    """Every channel's limits by channel name. Reads files, so it belongs to loading and never to a turn."""
    names = [field.name for field in fields(Capabilities)]
    profiles: dict[str, Capabilities] = {}
    for file in sorted(_FOLDER.glob("*.json")):
        limits = json.loads(file.read_text(encoding="utf-8"))
        profiles[file.stem] = Capabilities(**{name: int(limits[name]) for name in names})
    return profiles
