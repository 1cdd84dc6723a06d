"""An id that is no alias for sure asks the file nothing; one that may be is looked up, whoever wrote its alias."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from runtime.errors import StoreUnavailableError
from runtime.ports.inbox_store import ContactKey
from runtime.store.sqlite import SQLiteStateStore
from runtime.store.sqlite.alias_marks import MARKS, AliasMarks
from tests.runtime.store.samples import CHANNEL, NOW

ANA = ContactKey(CHANNEL, "ES.1")
PHONE = "34600"

type Change = Callable[[SQLiteStateStore], Awaitable[object]]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SQLiteStateStore]:
    opened = SQLiteStateStore(tmp_path / "state.db")
    await opened.open()
    yield opened
    await opened.close()


def ask_nobody(store: SQLiteStateStore) -> None:
    """From here on whoever asks the file is refused."""
    assert store._reader is not None
    store._reader.close()


async def test_of_somebody_new_the_file_is_asked_nothing(store: SQLiteStateStore) -> None:
    await store.contacts.link(ANA, PHONE, at=NOW)
    ask_nobody(store)
    assert await store.contacts.known_as(CHANNEL, "ES.2", at=NOW) == "ES.2"
    assert await store.contacts.known_as(CHANNEL, "34601", at=NOW) == "34601"


async def linked(store: SQLiteStateStore) -> None:
    await store.contacts.link(ANA, PHONE, at=NOW)


async def renamed(store: SQLiteStateStore) -> None:
    await store.contacts.rename(ContactKey(CHANNEL, PHONE), ANA.contact_id, at=NOW)


@pytest.mark.parametrize("change", [pytest.param(linked, id="linked"), pytest.param(renamed, id="renamed")])
async def test_an_alias_is_looked_up_when_memory_has_forgotten_it(store: SQLiteStateStore, change: Change) -> None:
    await change(store)
    store._known.forget_all()
    assert await store.contacts.known_as(CHANNEL, PHONE, at=NOW) == ANA.contact_id
    store._known.forget_all()
    ask_nobody(store)
    with pytest.raises(StoreUnavailableError):
        await store.contacts.known_as(CHANNEL, PHONE, at=NOW)


@pytest.mark.parametrize("change", [pytest.param(linked, id="linked"), pytest.param(renamed, id="renamed")])
async def test_an_alias_of_an_earlier_run_is_found(store: SQLiteStateStore, change: Change) -> None:
    await change(store)
    await store.close()
    again = SQLiteStateStore(store.path)
    await again.open()
    assert await again.contacts.known_as(CHANNEL, PHONE, at=NOW) == ANA.contact_id
    await again.close()


@pytest.fixture
def aliases() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE contact_alias (channel_id TEXT, alias TEXT)")
        connection.executemany("INSERT INTO contact_alias VALUES (?, ?)", [("ch", str(number)) for number in range(3)])
        yield connection


@pytest.mark.parametrize(
    ("most", "asked"),
    [
        pytest.param(3, False, id="as many as are read: what is not among them is none"),
        pytest.param(2, True, id="more than are read: anything may be one"),
    ],
)
def test_a_file_with_too_many_aliases_is_asked_about_every_id(
    aliases: sqlite3.Connection, most: int, asked: bool
) -> None:
    marks = AliasMarks()
    marks.read(aliases, most=most)
    assert all(marks.may_be_alias("ch", str(number)) for number in range(3))
    others = [marks.may_be_alias("other", str(number)) for number in range(100)]
    assert (others.count(True) > 50) is asked


def test_marks_hardly_ever_meet() -> None:
    marks = AliasMarks()
    for number in range(2_000):
        marks.mark("ch", f"alias{number}")
    assert sum(marks.may_be_alias("ch", f"new{number}") for number in range(1_000)) < 1_000 * 2_000 / MARKS * 10
