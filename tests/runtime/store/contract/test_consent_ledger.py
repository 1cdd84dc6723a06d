from __future__ import annotations

from runtime.ports.consent_ledger import ConsentEntry, WishSource
from runtime.ports.conversation_store import Outcome
from runtime.ports.inbox_store import ContactKey
from runtime.ports.state_store import StateStorePort
from runtime.wish import Wish
from tests.runtime.store.samples import ANA, BRUNO, NOW, after, claim, message, step


def entry(wish: Wish, proof: str, seconds: float = 0) -> ConsentEntry:
    return ConsentEntry(wish, WishSource.WORD, proof, after(seconds))


async def test_who_never_said_anything_has_no_wish(store: StateStorePort) -> None:
    assert await store.consent.wish_of(ANA) is None
    assert await store.consent.history_of(ANA) == []


async def test_the_latest_wish_counts_whenever_it_was_entered(store: StateStorePort) -> None:
    told = [entry(Wish.IN, "m3", 30), entry(Wish.OUT, "m1"), entry(Wish.OUT, "m2", 20)]
    for each in told:
        assert await store.consent.enter(ANA, each)
    assert await store.consent.wish_of(ANA) is Wish.IN
    assert await store.consent.history_of(ANA) == [told[1], told[2], told[0]]
    assert await store.consent.wish_of(BRUNO) is None
    assert await store.consent.wish_of(ContactKey("another channel", "ana")) is None


async def test_the_same_message_proves_the_same_wish_once(store: StateStorePort) -> None:
    assert await store.consent.enter(ANA, entry(Wish.OUT, "m1"))
    assert not await store.consent.enter(ANA, entry(Wish.OUT, "m1", 5))
    assert await store.consent.history_of(ANA) == [entry(Wish.OUT, "m1")]


async def test_a_wish_outlives_the_erasure_of_its_contact_without_naming_anybody(store: StateStorePort) -> None:
    await store.consent.enter(ANA, entry(Wish.IN, "wamid.holds-a-number"))
    await store.consent.enter(ANA, entry(Wish.OUT, "m2", 1))
    await store.consent.enter(BRUNO, entry(Wish.OUT, "m3"))
    assert await store.consent.forget(ANA) == 2
    assert await store.consent.wish_of(ANA) is Wish.OUT
    proofs = [each.proof for each in await store.consent.history_of(ANA)]
    assert all(proof.startswith("hmac:") for proof in proofs)
    assert len(set(proofs)) == 2
    assert await store.consent.history_of(BRUNO) == [entry(Wish.OUT, "m3")]
    assert await store.consent.enter(ANA, entry(Wish.IN, "m4", 2))
    assert await store.consent.wish_of(ANA) is Wish.IN


async def test_a_flow_that_asked_enters_the_answer_with_the_message_that_gave_it(store: StateStorePort) -> None:
    await store.inbox.accept([message("m1")], NOW)
    claimed = await claim(store)
    outcomes = (Outcome("c1:1:0", "outcome", "booked"), Outcome("c1:1:1", "outcome", "opt_in"))
    await store.conversations.commit_step(step(claimed.claim, outcomes=outcomes))
    assert await store.consent.history_of(ANA) == [ConsentEntry(Wish.IN, WishSource.FLOW, "m1", NOW)]
