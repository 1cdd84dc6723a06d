"""Customers' files: which ones are wanted, what is checked of them, where they lie and when they go."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import stat
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from flow_engine.messages import InternalMessage
from flow_engine.vocabulary import MessageType
from runtime.channels.whatsapp import WhatsAppChannelConfig
from runtime.media import MediaFolder, MediaKeeper
from runtime.outbox import Outbox
from runtime.ports.conversation_store import StepCommit
from runtime.ports.inbox import InboundEnvelope
from runtime.ports.inbox_store import ClaimedEvent, ContactKey, DueTask
from runtime.ports.retention_store import DataClass
from runtime.store.sqlite import SQLiteStateStore
from tests.fakes.graph_server import FakeGraphServer
from tests.runtime.channels.whatsapp.expectations import NUMBER
from tests.runtime.channels.whatsapp.phone import NOW, Phone, open_adapter
from tests.runtime.store.samples import state

CONTACT = ContactKey(f"whatsapp:{NUMBER}", "34600111222")
JPEG = b"\xff\xd8\xff picture"


@pytest.fixture
async def graph() -> AsyncIterator[FakeGraphServer]:
    async with FakeGraphServer(tokens=["EAAtoken"], phone_number_ids=[NUMBER]) as server:
        yield server


@pytest.fixture
async def phone(graph: FakeGraphServer) -> AsyncIterator[Phone]:
    async with open_adapter(graph, WhatsAppChannelConfig(NUMBER, "EAAtoken", "secret", "verify")) as opened:
        yield opened


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SQLiteStateStore]:
    opened = SQLiteStateStore(tmp_path / "state.db")
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "media"


@pytest.fixture
async def keeper(store: SQLiteStateStore, phone: Phone, folder: Path) -> AsyncIterator[MediaKeeper]:
    outbox = Outbox(store.outbox, {CONTACT.channel_id: phone.adapter}, phone.clock, "run")
    made = MediaKeeper(store.media, store.conversations, MediaFolder(folder), outbox.fetch_file, phone.clock)
    made.start()
    yield made
    await made.stop()


async def turn(
    store: SQLiteStateStore, content: dict[str, Any], *, kind: MessageType = MessageType.IMAGE, **snapshot: Any
) -> ClaimedEvent:
    """A message with a file, and a turn that left this behind."""
    message = InternalMessage(f"wamid.{content.get('media_id')}", CONTACT.contact_id, kind, NOW, "", content=content)
    await store.inbox.accept([InboundEnvelope(CONTACT.channel_id, "whatsapp", message)], NOW)
    claimed = await store.inbox.claim(CONTACT, "run", max_attempts=3, at=NOW)
    assert isinstance(claimed, ClaimedEvent)
    await store.conversations.commit_step(
        StepCommit(claimed.claim, CONTACT, state(CONTACT, **snapshot), NOW, done=True)
    )
    return claimed


async def settled(store: SQLiteStateStore) -> str:
    """The state of the one file there is, once it is no longer being fetched for the first time."""
    for _ in range(1000):
        rows = store._reader.rows("SELECT state, attempts FROM media_file") if store._reader else []
        if rows and (rows[0][0] != "wanted" or rows[0][1]):
            return str(rows[0][0])
        await asyncio.sleep(0.005)
    raise AssertionError("nothing was fetched")


def files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def announced(media_id: str, content: bytes = JPEG, mime_type: str = "image/jpeg") -> dict[str, Any]:
    sha256 = base64.b64encode(hashlib.sha256(content).digest()).decode()
    return {"media_id": media_id, "mime_type": mime_type, "sha256": sha256}


async def test_a_file_that_the_flow_asked_for_is_kept_in_the_volume(
    keeper: MediaKeeper, store: SQLiteStateStore, graph: FakeGraphServer, folder: Path
) -> None:
    media_id = graph.app.media.receive(JPEG, "image/jpeg")
    claimed = await turn(store, announced(media_id), data={"photo": {"media_id": media_id}})
    await keeper.consider(claimed)
    assert await settled(store) == "kept"
    (kept,) = await store.media.kept(CONTACT)
    assert MediaFolder(folder).read(kept.name) == JPEG
    assert (kept.size, kept.file.message_id) == (len(JPEG), f"wamid.{media_id}")
    (file,) = files_in(folder)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_a_file_for_the_person_who_has_the_conversation_is_kept(
    keeper: MediaKeeper, store: SQLiteStateStore, graph: FakeGraphServer
) -> None:
    media_id = graph.app.media.receive(b"OggS voice", "audio/ogg")
    content = announced(media_id, b"OggS voice", "audio/ogg; codecs=opus")
    await keeper.consider(await turn(store, content, kind=MessageType.AUDIO, paused=True))
    assert await settled(store) == "kept"


async def test_a_file_that_nobody_asked_for_stays_where_it_is(
    keeper: MediaKeeper, store: SQLiteStateStore, graph: FakeGraphServer
) -> None:
    media_id = graph.app.media.receive(JPEG, "image/jpeg")
    await keeper.consider(await turn(store, announced(media_id), data={"photo": "another"}))
    await keeper.consider(await turn(store, {}, kind=MessageType.TEXT, paused=True))
    assert await store.media.next_wanted(at=NOW) is None
    assert graph.app.media.downloads == []


async def test_a_reminder_has_no_file(keeper: MediaKeeper, store: SQLiteStateStore) -> None:
    await store.inbox.enter(CONTACT, "whatsapp", DueTask("remind", "k", NOW), NOW)
    claimed = await store.inbox.claim(CONTACT, "run", max_attempts=3, at=NOW)
    assert isinstance(claimed, ClaimedEvent)
    await keeper.consider(claimed)
    assert await store.media.next_wanted(at=NOW) is None


WRONG: dict[str, tuple[bytes, str, dict[str, Any], dict[str, Any]]] = {
    "another size than Meta told": (JPEG, "image/jpeg", {"file_size": "3"}, {}),
    "another hash than Meta told": (JPEG, "image/jpeg", {"sha256": "0" * 64}, {}),
    "another hash than its message told": (JPEG, "image/jpeg", {}, {"sha256": "bm90IGl0"}),
    "another type than its message told": (JPEG, "image/jpeg", {}, {"mime_type": "image/png"}),
    "another thing than its type": (b"MZ program", "image/jpeg", {}, {"sha256": ""}),
}


@pytest.mark.parametrize(("content", "mime_type", "told", "said"), WRONG.values(), ids=WRONG)
async def test_a_file_that_is_not_what_it_was_announced_as_is_not_kept(
    keeper: MediaKeeper,
    store: SQLiteStateStore,
    graph: FakeGraphServer,
    folder: Path,
    content: bytes,
    mime_type: str,
    told: dict[str, Any],
    said: dict[str, Any],
) -> None:
    media_id = graph.app.media.receive(content, mime_type, **told)
    await keeper.consider(await turn(store, announced(media_id) | said, paused=True))
    assert await settled(store) == "wanted"
    assert files_in(folder) == []
    assert isinstance(await store.media.next_wanted(at=NOW), type(NOW))


async def test_a_file_that_is_too_big_is_given_up_without_being_fetched(
    keeper: MediaKeeper, store: SQLiteStateStore, graph: FakeGraphServer
) -> None:
    media_id = graph.app.media.receive(JPEG, "image/jpeg", file_size="26000000")
    await keeper.consider(await turn(store, announced(media_id), paused=True))
    assert await settled(store) == "failed"
    assert graph.app.media.downloads == []


async def test_a_file_that_could_not_be_had_is_tried_again_by_the_next_process(
    keeper: MediaKeeper, store: SQLiteStateStore, graph: FakeGraphServer, phone: Phone, folder: Path
) -> None:
    graph.app.expire_tokens()
    media_id = graph.app.media.receive(JPEG, "image/jpeg")
    await keeper.consider(await turn(store, announced(media_id), paused=True))
    assert await settled(store) == "wanted"
    await keeper.stop()
    graph.app.tokens.add("EAAtoken")
    phone.clock.advance(timedelta(minutes=1).total_seconds())
    keeper.start()
    for _ in range(1000):
        if await store.media.kept(CONTACT):
            break
        await asyncio.sleep(0.005)
    assert len(files_in(folder)) == 1


async def test_a_full_volume_waits_for_room(
    store: SQLiteStateStore, graph: FakeGraphServer, phone: Phone, folder: Path
) -> None:
    outbox = Outbox(store.outbox, {CONTACT.channel_id: phone.adapter}, phone.clock, "run")
    full = MediaKeeper(
        store.media, store.conversations, MediaFolder(folder), outbox.fetch_file, phone.clock, folder_bytes=-1
    )
    media_id = graph.app.media.receive(JPEG, "image/jpeg")
    await full.consider(await turn(store, announced(media_id), paused=True))
    full.start()
    assert await settled(store) == "wanted"
    await full.stop()
    assert graph.app.media.downloads == []


async def test_a_file_goes_with_its_row(
    keeper: MediaKeeper, store: SQLiteStateStore, graph: FakeGraphServer, folder: Path
) -> None:
    media_id = graph.app.media.receive(JPEG, "image/jpeg")
    await keeper.consider(await turn(store, announced(media_id), paused=True))
    assert await settled(store) == "kept"
    assert await keeper.sweep() == 0
    (rule,) = store.retention.rules(DataClass.MEDIA)
    assert await store.retention.forget_some(rule, before=NOW + timedelta(days=30), limit=9) == 1
    assert await keeper.sweep() == 1
    assert files_in(folder) == []


async def test_without_a_folder_no_file_is_wanted(store: SQLiteStateStore, phone: Phone) -> None:
    outbox = Outbox(store.outbox, {CONTACT.channel_id: phone.adapter}, phone.clock, "run")
    none = MediaKeeper(store.media, store.conversations, None, outbox.fetch_file, phone.clock)
    none.start()
    await none.consider(await turn(store, announced("1"), paused=True))
    assert await none.sweep() == 0
    assert await store.media.next_wanted(at=NOW) is None
    await none.stop()


@pytest.mark.parametrize("name", ["../state.db", "/etc/passwd", "x", "0" * 64])
def test_a_name_leads_nowhere_else(name: str, tmp_path: Path) -> None:
    (tmp_path / "state.db").write_bytes(b"secret")
    folder = MediaFolder(tmp_path / "media")
    folder.write(b"x")
    assert folder.read(name) is None
