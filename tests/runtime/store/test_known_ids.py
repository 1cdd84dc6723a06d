from __future__ import annotations

from pathlib import Path

from runtime.ports.inbox_store import ContactKey
from runtime.store.sqlite import SQLiteStateStore
from runtime.store.sqlite.known_ids import MOST_IDS, KnownIds
from runtime.store.sqlite.reader import Reader
from tests.runtime.store.samples import CHANNEL, NOW


def test_beyond_its_bound_everything_is_forgotten_and_asked_again() -> None:
    known = KnownIds()
    for number in range(MOST_IDS):
        known.remember("ch", str(number), "x")
    assert known.name_of("ch", "0") == "x"
    known.remember("ch", "one more", "y")
    assert (known.name_of("ch", "0"), known.name_of("ch", "one more")) == (None, "y")


async def test_an_erased_contact_leaves_no_id_in_memory_and_its_alias_is_linked_anew(tmp_path: Path) -> None:
    store = SQLiteStateStore(tmp_path / "state.db")
    await store.open()
    contact = ContactKey(CHANNEL, "ES.1")
    await store.contacts.link(contact, "34600", at=NOW)
    assert await store.contacts.known_as(CHANNEL, "34600", at=NOW) == "ES.1"
    await store.contact_data.erase(contact)
    assert await store.contacts.known_as(CHANNEL, "34600", at=NOW) == "34600"
    await store.contacts.link(contact, "34600", at=NOW)
    assert await store.contacts.aliases_of(contact, at=NOW) == ("34600",)
    await store.close()


async def test_a_known_pair_asks_the_file_nothing(tmp_path: Path) -> None:
    store = SQLiteStateStore(tmp_path / "state.db")
    await store.open()
    await store.contacts.known_as(CHANNEL, "ES.1", at=NOW)
    await store.contacts.known_as(CHANNEL, "34600", at=NOW)
    assert isinstance(store._reader, Reader)
    store._reader.close()  # asked now, the file would raise
    assert await store.contacts.known_as(CHANNEL, "ES.1", at=NOW) == "ES.1"
    assert await store.contacts.known_as(CHANNEL, "34600", at=NOW) == "34600"
    store._reader = None
    await store.close()
