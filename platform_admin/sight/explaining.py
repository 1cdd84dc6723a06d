"""A turn as it was reported, in words: what was heard, why it went the way it did, what was said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from flow_engine.explain import explain
from flow_engine.trace import TraceEntry
from flow_engine.trace_reading import decode_trace
from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.observability.models import Turn
from platform_admin.releases.models import Release
from platform_admin.tenants.models import Tenant

type Explain = Callable[[Sequence[TraceEntry], JSONObject], tuple[str, ...]]
"""A trace and the program it belongs to, in sentences."""


@dataclass(frozen=True, slots=True)
class ExplainedTurn:
    """``why`` is one sentence a line, against the very release the turn ran on. ``serial`` leads to it."""

    turn: Turn
    said: tuple[str, ...]
    why: tuple[str, ...]
    error: str


def explained(tenant: Tenant, turns: Iterable[Turn], explain: Explain = explain) -> list[ExplainedTurn]:
    """Two queries: the turns (already read) and the programs of the releases they ran on.

    ``explain`` says in whose words: those of the language, if nothing else is asked for.
    """
    rows = list(turns)
    serials = {turn.serial for turn in rows if turn.serial is not None}
    releases = Release.objects.for_tenant(tenant).filter(serial__in=serials)
    programs = dict(releases.order_by().values_list("serial", "flow_version__program"))
    return [_explained(turn, {} if turn.serial is None else programs.get(turn.serial, {}), explain) for turn in rows]


def _explained(turn: Turn, program: JSONObject, explain: Explain) -> ExplainedTurn:
    error = turn.error or {}
    return ExplainedTurn(
        turn=turn,
        said=tuple(_bubble(item) for item in turn.said),
        why=tuple(why for entry in _entries(turn.trace) for why in _why(entry, program, explain)),
        error=" ".join(str(error[key]) for key in ("kind", "detail") if error.get(key)),
    )


def _entries(trace: JSON) -> list[JSON]:
    entries = trace.get("entries") if isinstance(trace, dict) else trace
    return entries if isinstance(entries, list) else []


def _why(value: JSON, program: JSONObject, explain: Explain) -> tuple[str, ...]:
    entry = decode_trace(value)
    if entry is not None:
        return explain([entry], program)
    kind = value.get("kind") if isinstance(value, dict) else None
    return (str(kind or "?").replace("_", " "),)


def _bubble(item: JSON) -> str:
    """What was said, whatever kind of message it was."""
    if isinstance(item, str):
        return item
    if isinstance(item, dict):
        text = next((item[key] for key in ("text", "body", "caption", "name", "type") if item.get(key)), "")
        return str(text)
    return str(item)
