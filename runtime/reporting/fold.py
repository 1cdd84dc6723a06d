"""From steps to counts. Pure: the same steps always give the same counts and entries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flow_engine.vocabulary import JSONObject
from runtime.ports.telemetry_store import Count, Entry, EntryKind, Fold, StepRow
from runtime.telemetry.masking import Masking

type _Key = tuple[str, tuple[tuple[str, str], ...], datetime]


@dataclass(slots=True)
class _Tally:
    counts: Counter[_Key] = field(default_factory=Counter)
    entries: list[Entry] = field(default_factory=list)

    def add(self, name: str, step: StepRow, labels: Mapping[str, str], count: int = 1) -> None:
        hour = step.at.replace(minute=0, second=0, microsecond=0)
        if count:
            self.counts[name, tuple(sorted(labels.items())), hour] += count


def fold(steps: Sequence[StepRow], heard: Mapping[int, str], masking: Masking, *, language: str) -> Fold:
    """``heard`` has the customer's words for the steps (by ``seq``) whose question was not answered."""
    tally = _Tally()
    for step in steps:
        _count_event(tally, step)
        _count_trace(tally, step)
        _count_outcomes(tally, step)
        if step.seq in heard:
            tally.entries.append(_unanswered(step, masking.text(heard[step.seq]), language))
    counts = [Count(name, dict(labels), hour, count) for (name, labels, hour), count in tally.counts.items()]
    return Fold(steps[-1].seq, counts, tally.entries)


def unanswered_steps(steps: Iterable[StepRow]) -> list[StepRow]:
    """The steps in which a free question came to nothing. A step answers one question at most."""
    return [step for step in steps if any(_is_unanswered(entry) for entry in step.trace)]


def _is_unanswered(entry: JSONObject) -> bool:
    return entry.get("kind") == "question_answered" and entry.get("outcome") != "answered"


def _count_event(tally: _Tally, step: StepRow) -> None:
    channel = step.contact.channel_id
    if step.error is not None:
        tally.add("errors", step, {"kind": str(step.error.get("kind"))})
        detail = f"A message could not be worked on: {step.error.get('kind')}"
        body: JSONObject = {"id": f"turn:{step.event_seq}", "kind": "turn_failed", "at": step.at.isoformat()}
        tally.entries.append(Entry(EntryKind.NOTICE, body | {"detail": detail}, step.at, step.contact))
        return
    tally.add("messages_out", step, {"channel": channel}, len(step.message_ids))
    if step.state_before is not None and step.state_after is not None and step.state_before != step.state_after:
        tally.add("transition", step, {"from": step.state_before, "to": step.state_after})
    if not step.done:
        return
    tally.add("turns", step, {"channel": channel})
    if step.event == "message":
        tally.add("messages_in", step, {"channel": channel})
    elif step.event.startswith("task:"):
        tally.add("fired_tasks", step, {"task": step.event.removeprefix("task:")})


def _count_trace(tally: _Tally, step: StepRow) -> None:
    for entry in step.trace:
        if entry.get("kind") == "state_entered":
            tally.add("state_entered", step, {"state": str(entry["state"])})
            if entry.get("because") == "fallback":
                tally.add("fallbacks", step, {"state": str(step.state_before)})
        elif entry.get("kind") == "question_answered":
            name = "llm_refusals" if _is_unanswered(entry) else "llm_answers"
            tally.add(name, step, {"outcome": str(entry["outcome"])})


def _unanswered(step: StepRow, question: str, language: str) -> Entry:
    (found,) = [entry for entry in step.trace if _is_unanswered(entry)][:1]
    body: JSONObject = {
        "id": str(found["call_id"]),
        "question": question,
        "language": language,
        "reason": str(found["outcome"]),
        "at": step.at.isoformat(),
    }
    return Entry(EntryKind.UNANSWERED, body, step.at, step.contact)


def _count_outcomes(tally: _Tally, step: StepRow) -> None:
    for outcome in step.outcomes:
        if outcome.get("kind") == "hand_off":
            tally.add("hand_offs", step, {"reason": str(outcome["name"])})
        else:
            tally.add("outcome", step, {"outcome": str(outcome["name"])})
