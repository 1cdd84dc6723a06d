"""JSON text for what every turn reads and writes: its snapshot and its messages.

``orjson`` does in 4 µs what takes the standard library 30 (a snapshot of 2 KB, measured), but knows no lone surrogates
and no numbers beyond 64 bits. What it refuses is written by the standard library, behind a blank that says so: read
back by ``orjson``, such a number would become a float.
"""

from __future__ import annotations

import json
from typing import cast

import orjson

from flow_engine.vocabulary import JSONObject
from runtime.store.event_codec import encode_json

_BY_STANDARD_LIBRARY = " "


def to_text(value: JSONObject) -> str:
    """``value`` (plain JSON) as text that ``from_text`` reads back to the same."""
    try:
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError:
        return _BY_STANDARD_LIBRARY + encode_json(value)


def from_text(text: str) -> JSONObject:
    """The object that was written. Raises ``ValueError`` for what is no JSON."""
    loads = json.loads if text.startswith(_BY_STANDARD_LIBRARY) else orjson.loads
    return cast("JSONObject", loads(text))
