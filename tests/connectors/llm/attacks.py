"""Every attack text of the shared collection, wherever it stands in its file."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
FOLDER = Path(os.environ.get("FRONTDESK_TEST_DATA", ROOT.parent / "shared" / "data")) / "security" / "prompts"


def attack_texts() -> list[str]:
    """Each once; empty when the collection is not there."""
    found = [text for path in sorted(FOLDER.glob("*.json")) for text in _texts(json.loads(path.read_text("utf-8")))]
    return list(dict.fromkeys(found))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str) and len(value.strip()) > 3:
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
