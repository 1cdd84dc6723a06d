"""A customer whom nobody knew, with a user id and a number: both ids and the message are one commit."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from flow_engine.messages import InternalMessage
from flow_engine.vocabulary import MessageType
from runtime.errors import StoreUnavailableError
from runtime.ports.inbox import AcceptResult, InboundEnvelope
from runtime.ports.inbox_store import ContactKey
from runtime.store.sqlite import SQLiteStateStore
from runtime.wish import Wish
from tests.runtime.desk import NOW, Desk, open_desk

CHANNEL = "http_dev"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(SQLiteStateStore(tmp_path / "state.db")) as opened:
        opened.core.inbox.hold()
        yield opened


def written(message_id: str, words: str = "hola", person: str = "1") -> InboundEnvelope:
    message = InternalMessage(message_id, f"ES.{person}", MessageType.TEXT, NOW, words, contact_phone=f"34600{person}")
    return InboundEnvelope(CHANNEL, "http_dev", message)


async def traced(desk: Desk) -> list[str]:
    """What the writing connection is told from here on, a verb for each statement."""
    store, told = desk.core.store, list[str]()
    assert isinstance(store, SQLiteStateStore)
    assert store._writer is not None

    def note(sql: str) -> None:
        told.append(sql.split(maxsplit=1)[0])

    await store._writer.write(lambda connection: connection.set_trace_callback(note))
    told.clear()
    return told


def is_one_commit(told: list[str]) -> bool:
    """Outside of a transaction each statement would be one by itself."""
    return (told[0], told[-1], told.count("COMMIT")) == ("BEGIN", "COMMIT", 1)


async def known_as(desk: Desk, some_id: str) -> str:
    return await desk.core.store.contacts.known_as(CHANNEL, some_id, at=NOW)


async def test_who_is_new_costs_one_commit_and_whoever_is_known_one_statement(desk: Desk) -> None:
    told = await traced(desk)
    assert await desk.core.desk.accept([written("m1")]) == AcceptResult(1, 0)
    assert is_one_commit(told)
    assert await known_as(desk, "346001") == "ES.1"
    told.clear()
    assert await desk.core.desk.accept([written("m2")]) == AcceptResult(1, 0)
    assert told == ["INSERT"]


async def test_many_who_are_new_at_once_are_one_commit(desk: Desk) -> None:
    told = await traced(desk)
    arrivals = (desk.core.desk.accept([written(f"m{number}", person=str(number))]) for number in range(20))
    assert await asyncio.gather(*arrivals) == [AcceptResult(1, 0)] * 20
    assert is_one_commit(told)
    assert [await known_as(desk, f"34600{number}") for number in range(20)] == [f"ES.{n}" for n in range(20)]
    told.clear()
    await asyncio.gather(*(desk.core.desk.accept([written(f"m{n}", person=str(n))]) for n in range(20, 40)))
    assert sorted(told) == ["BEGIN", "COMMIT", "INSERT", "INSERT", "WITH"]


async def test_of_many_at_once_the_one_who_wrote_by_number_before_keeps_what_she_has(desk: Desk) -> None:
    by_number = InternalMessage("m0", "346001", MessageType.TEXT, NOW, "hola")
    await desk.core.desk.accept([InboundEnvelope(CHANNEL, "http_dev", by_number)])
    arrivals = (desk.core.desk.accept([written(f"m{number}", person=str(number))]) for number in (1, 2, 3))
    assert await asyncio.gather(*arrivals) == [AcceptResult(1, 0)] * 3
    assert await desk.core.store.inbox.contacts_waiting() == [ContactKey(CHANNEL, f"ES.{n}") for n in (1, 2, 3)]


async def test_what_was_kept_under_the_number_is_there_before_the_message_is_worked_on(desk: Desk) -> None:
    earlier = InternalMessage("m1", "346001", MessageType.BUTTON, NOW, "say_uno", "say_uno")
    await desk.core.inbox.release()
    await desk.core.desk.accept([InboundEnvelope(CHANNEL, "http_dev", earlier)])
    await desk.quiet()
    await desk.core.desk.accept([written("m2")])
    await desk.quiet()
    snapshot = await desk.core.store.conversations.load(ContactKey(CHANNEL, "ES.1"))
    assert snapshot is not None
    assert snapshot.data["said"] == "uno"
    assert await desk.core.store.conversations.load(ContactKey(CHANNEL, "346001")) is None


async def test_a_stop_of_somebody_new_is_kept_under_the_id_that_names_her(desk: Desk) -> None:
    await desk.core.desk.accept([written("m1", "stop")])
    assert await desk.core.store.consent.wish_of(ContactKey(CHANNEL, "ES.1")) is Wish.OUT
    assert await known_as(desk, "346001") == "ES.1"


async def test_of_two_messages_in_one_delivery_the_second_goes_by_what_the_first_has_shown(desk: Desk) -> None:
    by_number = InboundEnvelope(CHANNEL, "http_dev", InternalMessage("m2", "346001", MessageType.TEXT, NOW, "hola"))
    assert await desk.core.desk.accept([written("m1"), by_number]) == AcceptResult(2, 0)
    assert await desk.core.store.inbox.contacts_waiting() == [ContactKey(CHANNEL, "ES.1")]


async def test_where_nothing_can_be_written_neither_ids_nor_message_are_taken(desk: Desk) -> None:
    store = desk.core.store
    assert isinstance(store, SQLiteStateStore)
    assert store._writer is not None
    connection = store._writer._connection  # between two writes nobody else uses it
    connection.execute("PRAGMA query_only = ON").fetchall()
    with pytest.raises(StoreUnavailableError):
        await desk.core.desk.accept([written("m1")])
    connection.execute("PRAGMA query_only = OFF").fetchall()
    assert await known_as(desk, "346001") == "346001"
    assert await store.inbox.contacts_waiting() == []
    assert await desk.core.desk.accept([written("m1")]) == AcceptResult(1, 0)
