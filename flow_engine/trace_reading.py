"""``decode_trace``: a trace entry back from its JSON, for what explains turns long after they ran.

A newer or older engine may have written it, so what is not understood is ``None`` and never an error.
"""

from __future__ import annotations

from dataclasses import fields
from enum import Enum
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from flow_engine.outputs.degradation import Degradation, DegradationKind
from flow_engine.trace import TraceEntry, trace_kind
from flow_engine.vocabulary import JSON


def decode_trace(value: JSON) -> TraceEntry | None:
    """The entry that ``encode_trace`` wrote; ``None`` for a kind or a shape that this engine does not have."""
    if not isinstance(value, dict):
        return None
    entry = _kinds().get(str(value.get("kind")))
    if entry is None:
        return None
    hints = get_type_hints(entry)
    try:
        made: TraceEntry = entry(**{field.name: _read(value[field.name], hints[field.name]) for field in fields(entry)})
    except (KeyError, TypeError, ValueError):
        return None
    return made


@cache
def _kinds() -> dict[str, Any]:
    return {trace_kind(entry): entry for entry in get_args(TraceEntry.__value__)}


def _read(value: JSON, hint: Any) -> object:  # noqa: ANN401 - a type, of any form
    """``value`` as ``hint`` says. Raises ``TypeError`` or ``ValueError``."""
    if hint is Degradation:
        if not isinstance(value, dict):
            raise TypeError(value)
        return Degradation(DegradationKind(str(value["kind"])), str(value.get("subject", "")))
    if get_origin(hint) is tuple:
        if not isinstance(value, list):
            raise TypeError(value)
        return tuple(_read(item, get_args(hint)[0]) for item in value)
    if isinstance(hint, type):
        if issubclass(hint, Enum):
            return hint(value)
        if not isinstance(value, hint):
            raise TypeError(value)
        return value
    # A union such as ``str | None``.
    for choice in get_args(hint):
        if value is None if choice is type(None) else _fits(value, choice):
            return _read(value, choice) if value is not None else None
    raise TypeError(value)


def _fits(value: JSON, hint: Any) -> bool:  # noqa: ANN401 - as above
    try:
        _read(value, hint)
    except (KeyError, TypeError, ValueError):
        return False
    return True
