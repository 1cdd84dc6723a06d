"""How people call a step: its name in the text, as words."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from flow_engine.flow_map import SUB_FLOW_MARK

MAX_NAME: Final = 64
"""What the language takes for a name."""
_NO_LETTER: Final = re.compile(r"[\W_]+")


def step_title(name: str) -> str:
    """``CHOOSE_A_DAY`` becomes "Choose a day"; a sub-flow's name stays out, the map shows where it belongs."""
    words = name.rpartition(SUB_FLOW_MARK)[2].replace("_", " ").strip()
    return words[:1].upper() + words[1:].lower() if words.isupper() else words


def step_name(title: str) -> str:
    """The name a step of this title gets: "Elegir día" becomes ``ELEGIR_DÍA``; empty when nothing can be made of it."""
    capitals = unicodedata.normalize("NFC", title).upper()
    name = _NO_LETTER.sub("_", capitals).strip("_")[:MAX_NAME].rstrip("_")
    return f"STEP_{name}" if name[:1].isdigit() else name
