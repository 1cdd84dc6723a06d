"""How long the desk knows under which id somebody stood before."""

from __future__ import annotations

from runtime.contacts.desk import MOST_MOVED
from runtime.ports.contact_notes import IdentityChanged
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
