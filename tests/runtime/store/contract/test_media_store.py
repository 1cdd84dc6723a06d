from __future__ import annotations

from runtime.ports.media_store import KeptFile, WantedFile, Wanting
from runtime.ports.state_store import StateStorePort
from tests.runtime.store.samples import ANA, BRUNO, NOW, after

PHOTO = WantedFile(ANA, "111", "wamid.1", "image/jpeg", "abc")
VOICE = WantedFile(BRUNO, "222", "wamid.2", "audio/ogg")


async def test_a_file_is_wanted_once_until_it_is_kept(store: StateStorePort) -> None:
    assert await store.media.next_wanted(at=NOW) is None
    assert await store.media.want(PHOTO, at=NOW)
    assert not await store.media.want(PHOTO, at=NOW)
    assert await store.media.next_wanted(at=NOW) == Wanting(PHOTO, 0)
    await store.media.keep(PHOTO, "name", 7)
    assert await store.media.next_wanted(at=NOW) is None
    assert not await store.media.want(PHOTO, at=NOW)
    assert await store.media.kept(ANA) == [KeptFile(PHOTO, "name", 7)]
    assert await store.media.kept(BRUNO) == []
    assert (await store.media.names(), await store.media.bytes_kept()) == (frozenset({"name"}), 7)


async def test_a_file_that_cannot_be_had_now_lets_the_next_one_pass(store: StateStorePort) -> None:
    for file in (PHOTO, VOICE):
        await store.media.want(file, at=NOW)
    await store.media.put_off(PHOTO, "no answer", after(60))
    assert await store.media.next_wanted(at=NOW) == Wanting(VOICE, 0)
    await store.media.put_off(VOICE, "gone", None)
    assert await store.media.next_wanted(at=NOW) == after(60)
    assert await store.media.next_wanted(at=after(60)) == Wanting(PHOTO, 1)
    assert (await store.media.names(), await store.media.bytes_kept()) == (frozenset(), 0)


async def test_an_upload_is_known_by_what_is_in_it_while_it_is_good(store: StateStorePort) -> None:
    assert await store.uploads.find("whatsapp:1", "digest", at=NOW) is None
    await store.uploads.keep("whatsapp:1", "digest", "111", until=after(60), at=NOW)
    assert await store.uploads.find("whatsapp:1", "digest", at=after(59)) == "111"
    assert await store.uploads.find("whatsapp:2", "digest", at=NOW) is None
    assert await store.uploads.find("whatsapp:1", "digest", at=after(60)) is None
    await store.uploads.keep("whatsapp:1", "digest", "222", until=after(120), at=after(60))
    assert await store.uploads.find("whatsapp:1", "digest", at=after(61)) == "222"
