from __future__ import annotations

from runtime.ports.notice_store import NoticeRecord, StaffNotice, TakenNotice
from runtime.ports.outbox_store import NotBefore
from runtime.ports.state_store import StateStorePort
from tests.runtime.store.samples import ANA, BRUNO, NOW, after, claim, message, step

FIRST = StaffNotice("conv:1:1", ANA, "A person, please", "Ana waits.")
SECOND = StaffNotice("conv:2:1", BRUNO, "A person, please", "Bruno waits.")


async def decide(store: StateStorePort, *notices: StaffNotice) -> None:
    """A step that decided to tell the staff."""
    for notice in notices:
        await store.inbox.accept([message(f"m-{notice.id}", notice.contact)], NOW)
        claimed = await claim(store, notice.contact)
        await store.conversations.commit_step(step(claimed.claim, notice.contact, notices=(notice,)))


async def test_a_notice_is_taken_with_its_attempt_counted_and_told_once(store: StateStorePort) -> None:
    await decide(store, FIRST)
    assert await store.notices.take(at=NOW, again_at=after(30)) == TakenNotice(FIRST, 1)
    await store.notices.told(FIRST.id, at=NOW)
    assert await store.notices.take(at=after(60), again_at=after(90)) is None
    assert await store.notices.records(ANA) == [NoticeRecord(FIRST.id, "told", 1, None)]


async def test_an_attempt_that_is_never_settled_is_made_again(store: StateStorePort) -> None:
    await decide(store, FIRST)
    await store.notices.take(at=NOW, again_at=after(30))
    assert await store.notices.take(at=after(29), again_at=after(60)) == NotBefore(after(30))
    assert await store.notices.take(at=after(30), again_at=after(60)) == TakenNotice(FIRST, 2)


async def test_a_notice_that_is_put_off_lets_the_next_one_pass(store: StateStorePort) -> None:
    await decide(store, FIRST, SECOND)
    await store.notices.take(at=NOW, again_at=after(30))
    await store.notices.put_off(FIRST.id, "away", until=after(100), at=NOW)
    assert await store.notices.take(at=after(1), again_at=after(31)) == TakenNotice(SECOND, 1)
    assert await store.notices.records(ANA) == [NoticeRecord(FIRST.id, "pending", 1, "away")]


async def test_a_notice_given_up_stays_with_its_reason_whatever_is_said_of_it_later(store: StateStorePort) -> None:
    await decide(store, FIRST)
    await store.notices.take(at=NOW, again_at=after(30))
    await store.notices.give_up(FIRST.id, "refused", at=NOW)
    await store.notices.told(FIRST.id, at=NOW)
    assert await store.notices.take(at=after(3600), again_at=after(7200)) is None
    assert await store.notices.records(ANA) == [NoticeRecord(FIRST.id, "dead", 1, "refused")]
    assert await store.notices.records(BRUNO) == []
