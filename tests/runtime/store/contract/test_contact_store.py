from __future__ import annotations

import asyncio

import pytest

from flow_engine.messages import InternalMessage
from flow_engine.outputs.output import Text
from flow_engine.vocabulary import MessageType
from runtime.ports.consent_ledger import ConsentEntry, WishSource
from runtime.ports.contact_store import FORMER_ID_HOLDS, LastWord
from runtime.ports.inbox import InboundEnvelope
from runtime.ports.inbox_store import ClaimedEvent, ContactKey
from runtime.ports.outbox_store import TakenMessage
from runtime.ports.state_store import StateStorePort
from runtime.wish import Wish
from tests.runtime.store.samples import ANA, BRUNO, CHANNEL, NOW, RUN, after, claim, message, say, state, step, task

USER_ID = ContactKey(CHANNEL, "ES.1349")


async def heard(store: StateStorePort, contact: ContactKey) -> list[str]:
    """The ids of what waits in a contact's line."""
    found = []
    while isinstance(claimed := await store.inbox.claim(contact, RUN, max_attempts=3, at=NOW), ClaimedEvent):
        assert isinstance(claimed.event, InternalMessage)
        assert claimed.event.contact_id == contact.contact_id
        found.append(claimed.event.id)
        await store.conversations.commit_step(step(claimed.claim, contact, snapshot=claimed.snapshot or state(contact)))
    return found


async def said(store: StateStorePort, contact: ContactKey) -> list[Text]:
    listed = await store.outbox.list(CHANNEL, contact.contact_id)
    return [each.output for each in listed if isinstance(each.output, Text)]


async def test_an_id_nobody_spoke_of_names_itself(store: StateStorePort) -> None:
    assert await store.contacts.known_as(CHANNEL, "ana", at=NOW) == "ana"
    assert await store.contacts.aliases_of(ANA, at=NOW) == ()


async def test_two_ids_shown_together_are_one_contact_from_then_on(store: StateStorePort) -> None:
    assert await store.contacts.link(USER_ID, "ana", at=NOW) is False
    assert await store.contacts.known_as(CHANNEL, "ana", at=NOW) == "ES.1349"
    assert await store.contacts.known_as("another", "ana", at=NOW) == "ana"
    assert await store.contacts.aliases_of(USER_ID, at=NOW) == ("ana",)


async def test_what_was_kept_under_the_number_moves_to_the_user_id(store: StateStorePort) -> None:
    await say(store, "uno", contact=ANA)
    await store.inbox.accept([message("waits", ANA)], NOW)
    planned = step((await claim(store)).claim, snapshot=state(ANA, state="MENU", data={"a": 1}), tasks=(task("k", 9),))
    await store.conversations.commit_step(planned)
    await store.inbox.accept([message("waits too", ANA)], NOW)
    assert await store.contacts.link(USER_ID, "ana", at=NOW) is True
    snapshot = await store.conversations.load(USER_ID)
    assert snapshot is not None
    assert (snapshot.contact_id, snapshot.state, snapshot.data) == ("ES.1349", "MENU", {"a": 1})
    assert await store.conversations.load(ANA) is None
    assert await said(store, USER_ID) == [Text("uno")]
    assert (await said(store, ANA), await heard(store, ANA)) == ([], [])
    assert await heard(store, USER_ID) == ["waits too"]
    fired = await store.tasks.fire_due(now=after(9), grace=FORMER_ID_HOLDS, next_due=lambda *_: None, limit=9)
    assert fired.contacts == {USER_ID}
    assert await store.contacts.link(USER_ID, "ana", at=NOW) is False


async def test_a_number_that_passed_on_to_another_customer_brings_nothing_along(store: StateStorePort) -> None:
    await store.contacts.link(USER_ID, "ana", at=NOW)
    await say(store, "secret", contact=USER_ID)
    stranger = ContactKey(CHANNEL, "ES.2")
    assert await store.contacts.link(stranger, "ana", at=after(1)) is False
    assert await store.contacts.known_as(CHANNEL, "ana", at=after(1)) == "ES.2"
    assert (await said(store, stranger), await store.conversations.load(stranger)) == ([], None)


async def test_a_new_number_takes_everything_over_and_the_old_one_holds_for_a_while(store: StateStorePort) -> None:
    await say(store, "uno", contact=ANA)
    await store.contacts.rename(ANA, "bruno", at=NOW)
    assert await said(store, BRUNO) == [Text("uno")]
    assert await store.contacts.known_as(CHANNEL, "ana", at=NOW) == "bruno"
    assert await store.contacts.known_as(CHANNEL, "ana", at=NOW + FORMER_ID_HOLDS) == "ana"
    assert await store.contacts.known_as(CHANNEL, "bruno", at=NOW) == "bruno"


async def test_ids_that_meant_the_former_one_mean_the_new_one(store: StateStorePort) -> None:
    await store.contacts.link(USER_ID, "34600", at=NOW)
    await store.contacts.rename(USER_ID, "ES.2", at=NOW)
    assert await store.contacts.known_as(CHANNEL, "34600", at=NOW) == "ES.2"
    await store.contacts.rename(ContactKey(CHANNEL, "ES.2"), "ES.1349", at=NOW)
    assert await store.contacts.known_as(CHANNEL, "ES.2", at=NOW) == "ES.1349"
    assert await store.contacts.known_as(CHANNEL, "ES.1349", at=NOW) == "ES.1349"


async def test_a_new_name_that_is_the_old_one_changes_nothing(store: StateStorePort) -> None:
    await say(store, "uno", contact=ANA)
    await store.contacts.rename(ANA, "ana", at=NOW)
    assert (await said(store, ANA), await store.contacts.aliases_of(ANA, at=NOW)) == ([Text("uno")], ())


@pytest.mark.parametrize("later", [ANA, BRUNO], ids=["the former one", "the new one"])
async def test_of_two_conversations_the_later_goes_on_and_knows_what_the_other_knew(
    store: StateStorePort, later: ContactKey
) -> None:
    for contact in (ANA, BRUNO):
        await store.inbox.accept([message(f"m-{contact.contact_id}", contact)], NOW)
        own = {"both": contact.contact_id, contact.contact_id: True}
        snapshot = state(contact, state=contact.contact_id.upper(), data=own)
        at = after(60 if contact == later else 0)
        tasks = (task("reminder", 60 if contact == later else 30),)
        commit = step((await claim(store, contact)).claim, contact, snapshot=snapshot, at=at, tasks=tasks)
        await store.conversations.commit_step(commit)
    await store.contacts.rename(ANA, "bruno", at=after(61))
    joined = await store.conversations.load(BRUNO)
    assert joined is not None
    assert (joined.state, joined.contact_id) == (later.contact_id.upper(), "bruno")
    assert joined.data == {"both": later.contact_id, "ana": True, "bruno": True}
    assert (await store.counts()).tasks_scheduled == 1
    assert await store.tasks.next_due() == after(60)


async def test_a_turn_that_ends_after_the_move_is_kept_under_the_new_id(store: StateStorePort) -> None:
    await store.inbox.accept([message("m1", ANA)], NOW)
    claimed = await claim(store)
    await store.contacts.rename(ANA, "bruno", at=NOW)
    await store.conversations.commit_step(step(claimed.claim, ANA, says=("uno",), tasks=(task("k", 60),)))
    assert (await said(store, BRUNO), await said(store, ANA)) == ([Text("uno")], [])
    assert await store.conversations.load(ANA) is None
    snapshot = await store.conversations.load(BRUNO)
    assert snapshot is not None
    assert snapshot.contact_id == "bruno"
    taken = await store.outbox.take(BRUNO, RUN, at=NOW, resend_at=after(20))
    assert isinstance(taken, TakenMessage)
    assert taken.message.contact_id == "bruno"


async def test_a_wish_moves_with_its_contact(store: StateStorePort) -> None:
    await store.consent.enter(ANA, ConsentEntry(Wish.OUT, WishSource.WORD, "m1", NOW))
    await store.contacts.rename(ANA, "bruno", at=NOW)
    assert (await store.consent.wish_of(BRUNO), await store.consent.wish_of(ANA)) == (Wish.OUT, None)


async def test_the_last_word_is_the_one_that_was_sent_last_whenever_it_came(store: StateStorePort) -> None:
    assert await store.contacts.last_word(ANA) == LastWord(None)
    for number, seconds in enumerate((0, 90, 30)):
        sent = InternalMessage(f"m{number}", "ana", MessageType.TEXT, after(seconds), "hola")
        await store.inbox.accept([InboundEnvelope(CHANNEL, "http_dev", sent)], NOW)
    await store.inbox.accept([message("other", BRUNO)], NOW)
    assert await store.contacts.last_word(ANA) == LastWord(after(90))
    for seconds in (200, 100):
        await store.contacts.refuse_free_messages(ANA, at=after(seconds))
    assert await store.contacts.last_word(ANA) == LastWord(after(90), after(200))
    assert await store.contacts.last_word(BRUNO) == LastWord(NOW)


async def test_many_new_customers_at_once_are_each_known_by_both_ids(store: StateStorePort) -> None:
    """One of them had written with the number alone: what was kept under it moves, and nothing of the others does."""
    await say(store, "uno", contact=ContactKey(CHANNEL, "n7"))
    moved = await asyncio.gather(
        *(store.contacts.link(ContactKey(CHANNEL, f"ES.{number}"), f"n{number}", at=NOW) for number in range(40))
    )
    assert [number for number, each in enumerate(moved) if each] == [7]
    names = [await store.contacts.known_as(CHANNEL, f"n{number}", at=NOW) for number in range(40)]
    assert names == [f"ES.{number}" for number in range(40)]
    assert await said(store, ContactKey(CHANNEL, "ES.7")) == [Text("uno")]
    again = await asyncio.gather(
        *(store.contacts.link(ContactKey(CHANNEL, f"ES.{number}"), f"n{number}", at=NOW) for number in range(40))
    )
    assert not any(again)


async def test_of_two_contacts_that_show_one_alias_at_once_the_later_has_it(store: StateStorePort) -> None:
    first, second = ContactKey(CHANNEL, "ES.1"), ContactKey(CHANNEL, "ES.2")
    await asyncio.gather(
        store.contacts.link(first, "34600", at=NOW),
        store.contacts.link(second, "34600", at=NOW),
        store.contacts.link(first, "34601", at=NOW),
    )
    assert await store.contacts.known_as(CHANNEL, "34600", at=NOW) == "ES.2"
    assert await store.contacts.known_as(CHANNEL, "34601", at=NOW) == "ES.1"


async def test_what_was_known_of_an_id_is_forgotten_when_the_contact_gets_another(store: StateStorePort) -> None:
    await store.contacts.link(USER_ID, "34600", at=NOW)
    assert await store.contacts.known_as(CHANNEL, "34600", at=NOW) == "ES.1349"
    assert await store.contacts.known_as(CHANNEL, "ES.1349", at=NOW) == "ES.1349"
    await store.contacts.rename(USER_ID, "ES.2", at=NOW)
    assert await store.contacts.known_as(CHANNEL, "34600", at=NOW) == "ES.2"
    assert await store.contacts.known_as(CHANNEL, "ES.1349", at=NOW) == "ES.2"
    assert await store.contacts.known_as(CHANNEL, "ES.1349", at=NOW + FORMER_ID_HOLDS) == "ES.1349"
