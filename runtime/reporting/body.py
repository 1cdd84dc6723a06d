"""The report as JSON. Pure: what was bound and what was read, in the words of docs/runtime-api.md."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flow_engine.vocabulary import JSON, JSONObject
from runtime.ports.report_readings import DeadLetter, TaskReading
from runtime.ports.telemetry_store import Count, EntryKind, ReportEntries, Turn
from runtime.telemetry.masking import Masking

FORMAT: Final = 1

MOST_TRACE_ENTRIES: Final = 200
"""Per turn; the loop guards of the engine end a turn long before."""

MOST_SAID: Final = 20
"""Messages per turn that are told; a flow that says more is seen by its counts."""


def report_body(
    entries: ReportEntries,
    *,
    runtime: JSONObject,
    heartbeat: JSONObject,
    gauges: JSONObject,
    tasks: Sequence[TaskReading],
    dead_letters: Sequence[DeadLetter],
    masking: Masking,
) -> JSONObject:
    """The whole body. Everything that customers wrote or were told goes through ``masking``."""
    lists: JSONObject = {kind.value: list(entries.entries.get(kind, ())) for kind in EntryKind}
    return {
        "format": FORMAT,
        "report_id": entries.report_id,
        "runtime": runtime,
        "heartbeat": heartbeat,
        "counters": [_count(count) for count in entries.counts],
        "gauges": gauges,
        "scheduled_tasks": [_task(task, masking) for task in tasks],
        "dead_letters": [_dead_letter(letter, masking) for letter in dead_letters],
        "turns": [_turn(turn, masking) for turn in entries.turns],
        **lists,
    }


def _count(count: Count) -> JSON:
    labels: JSONObject = dict(count.labels)
    return {"name": count.name, "labels": labels, "hour": count.hour.isoformat(), "count": count.count}


def _task(task: TaskReading, masking: Masking) -> JSON:
    return {
        "id": task.id,
        "task": task.task,
        "contact": masking.name(task.contact.contact_id),
        "channel": task.contact.channel_id,
        "due_at": task.due_at.isoformat(),
        "state": task.state,
    }


def _dead_letter(letter: DeadLetter, masking: Masking) -> JSON:
    return {
        "id": letter.id,
        "kind": letter.kind,
        "error": masking.text(letter.error),
        "at": letter.at.isoformat(),
        "contact": masking.name(letter.contact.contact_id),
        "channel": letter.contact.channel_id,
    }


def _turn(turn: Turn, masking: Masking) -> JSON:
    first, last = turn.steps[0], turn.steps[-1]
    said: list[JSON] = [masking.text(text) for text in turn.said[:MOST_SAID]]
    traced = [entry for step in turn.steps for entry in step.trace][:MOST_TRACE_ENTRIES]
    return {
        "id": f"{last.conversation_id}:{last.event_seq}",
        "conversation": last.conversation_id,
        "contact": masking.name(last.contact.contact_id),
        "channel": last.contact.channel_id,
        "at": last.at.isoformat(),
        "serial": last.serial,
        "heard": masking.text(turn.heard),
        "said": said,
        "state_before": first.state_before,
        "state_after": last.state_after,
        "trace": {"entries": list[JSON](traced), "duration_ms": last.duration_ms, "event": first.event},
        "error": None if last.error is None else _error(last.error, masking),
    }


def _error(error: JSONObject, masking: Masking) -> JSON:
    return {"kind": error.get("kind"), "detail": masking.text(str(error.get("detail", "")))}
