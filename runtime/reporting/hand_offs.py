"""Conversations that a person took over, as entries of the report: with their last words, and closed at the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flow_engine.vocabulary import JSON, JSONObject
from runtime.ports.telemetry_store import Entry, EntryKind, StepRow, TelemetryStore
from runtime.telemetry.masking import Masking

LAST_WORDS: Final = 20
"""Messages: what a person needs to go on where the bot left off."""


async def hand_off_entries(steps: Sequence[StepRow], store: TelemetryStore, masking: Masking) -> list[Entry]:
    """One entry for each hand-off the steps decided, and one for each that they ended."""
    entries: list[Entry] = []
    for step in steps:
        decided = [outcome for outcome in step.outcomes if outcome.get("kind") == "hand_off"]
        for outcome in decided:
            messages = await _last_words(step, store, masking)
            body = _body(step, str(outcome["id"]), str(outcome["name"]), masking, messages)
            entries.append(Entry(EntryKind.HAND_OFF, body | {"open": True}, step.at, step.contact))
        if not decided and any(entry.get("kind") == "bot_resumed" for entry in step.trace):
            ended = await store.last_hand_off(step.contact)
            if ended is not None:
                body = _body(step, ended[0], ended[1], masking, []) | {"open": False}
                entries.append(Entry(EntryKind.HAND_OFF, body, step.at, step.contact))
    return entries


async def _last_words(step: StepRow, store: TelemetryStore, masking: Masking) -> list[JSON]:
    words = await store.last_words(step.contact, LAST_WORDS)
    return [{"from": who, "text": masking.text(text), "at": at.isoformat()} for who, text, at in words]


def _body(step: StepRow, hand_off_id: str, reason: str, masking: Masking, messages: list[JSON]) -> JSONObject:
    return {
        "id": hand_off_id,
        "conversation": step.conversation_id,
        "contact": masking.name(step.contact.contact_id),
        "channel": step.contact.channel_id,
        "at": step.at.isoformat(),
        "reason": reason,
        "messages": messages,
    }
