"""How long the desk knows under which id somebody stood before."""

from __future__ import annotations

from datetime import timedelta

from runtime.contacts.desk import MOST_MOVED
from runtime.ports.contact_notes import IdentityChanged
from runtime.ports.contact_store import FORMER_ID_HOLDS
from runtime.ports.inbox_store import ContactKey
from runtime.store.in_memory import InMemoryStateStore
from tests.runtime.desk import NOW, open_desk


def key(contact_id: str) -> ContactKey:
    return ContactKey("http_dev", contact_id)


async def test_of_many_who_got_another_id_the_last_are_remembered() -> None:
    async with open_desk(InMemoryStateStore()) as desk:
        for number in range(MOST_MOVED + 1):
            await desk.core.desk.note([IdentityChanged("http_dev", f"old-{number}", f"new-{number}", NOW)])
        keys_since, last = desk.core.desk.keys_since, MOST_MOVED
        assert keys_since(key("old-0")) == [key("old-0")]
        assert keys_since(key("old-1")) == [key("old-1"), key("new-1")]
        assert keys_since(key(f"old-{last}")) == [key(f"old-{last}"), key(f"new-{last}")]


async def test_a_given_up_id_that_is_given_up_once_more_counts_as_the_last() -> None:
    async with open_desk(InMemoryStateStore()) as desk:
        note, keys_since = desk.core.desk.note, desk.core.desk.keys_since
        await note([IdentityChanged("http_dev", "34600", "34700", NOW)])
        desk.clock.advance((FORMER_ID_HOLDS + timedelta(seconds=1)).total_seconds())
        for number in range(1, MOST_MOVED):
            await note([IdentityChanged("http_dev", f"old-{number}", f"new-{number}", NOW)])
        await note([IdentityChanged("http_dev", "34600", "34800", NOW)])  # a stranger's, by now
        await note([IdentityChanged("http_dev", "old-last", "new-last", NOW)])
        assert keys_since(key("34600")) == [key("34600"), key("34800")]
        assert keys_since(key("old-1")) == [key("old-1")]
        assert keys_since(key("old-2")) == [key("old-2"), key("new-2")]
