"""Small values that store tests are written with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flow_engine.conversation_state import ConversationState
from flow_engine.effects import SendMessage
from flow_engine.messages import InternalMessage
from flow_engine.outputs.output import Text
from flow_engine.vocabulary import MessageType
from runtime.ports.conversation_store import PlannedTask, StepCommit
from runtime.ports.inbox import InboundEnvelope
from runtime.ports.inbox_store import Claim, ClaimedEvent, ContactKey
from runtime.ports.state_store import StateStorePort
from tests.flow_engine.conversations import conversation

NOW = datetime(2026, 3, 2, 9, 30, 0, 123456, tzinfo=UTC)
CHANNEL = "http_dev"
ANA = ContactKey(CHANNEL, "ana")
BRUNO = ContactKey(CHANNEL, "bruno")
RUN = "run-1"


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def message(message_id: str, contact: ContactKey = ANA, text: str = "hola") -> InboundEnvelope:
    return InboundEnvelope(
        contact.channel_id,
        "http_dev",
        InternalMessage(message_id, contact.contact_id, MessageType.TEXT, NOW, text),
    )


def task(key: str, due_s: float = 0, **plan: object) -> PlannedTask:
    return PlannedTask("reminder", key, after(due_s), data={"time": "10:00"}, **plan)  # type: ignore[arg-type]  # a table's keywords


def state(contact: ContactKey = ANA, **fields: object) -> ConversationState:
    return conversation(f"conv-{contact.contact_id}", "http_dev", contact.contact_id, **fields)


async def claim(store: StateStorePort, contact: ContactKey = ANA, run_id: str = RUN) -> ClaimedEvent:
    claimed = await store.inbox.claim(contact, run_id, max_attempts=3, at=NOW)
    assert isinstance(claimed, ClaimedEvent)
    return claimed


def step(claim: Claim, contact: ContactKey = ANA, *, says: tuple[str, ...] = (), **fields: object) -> StepCommit:
    messages = tuple(SendMessage(f"{contact.contact_id}:{text}", Text(text)) for text in says)
    values: dict[str, object] = {"messages": messages, "snapshot": state(contact), "at": NOW, "done": True, **fields}
    return StepCommit(claim, contact, **values)  # type: ignore[arg-type]  # a table's keywords


async def say(store: StateStorePort, *texts: str, contact: ContactKey = ANA) -> None:
    """Have a turn decide to say these texts; their ids are ``<contact>:<text>``."""
    await store.inbox.accept([message(f"in-{contact.contact_id}-{texts[0]}", contact)], NOW)
    claimed = await claim(store, contact)
    await store.conversations.commit_step(step(claimed.claim, contact, says=texts))
