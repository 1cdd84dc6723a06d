from __future__ import annotations

import pytest

from runtime.errors import ClaimLostError
from runtime.ports.audience_store import ContactTask, HandedOut, Unreached
from runtime.ports.inbox_store import Claim, ContactKey, DueTask
from runtime.ports.state_store import StateStorePort
from tests.flow_engine.conversations import conversation
from tests.runtime.store.samples import ANA, BRUNO, NOW, RUN, after, claim, message, say, step, task

STANDING = ContactKey("standing", "standing")
RUN_OF = DueTask("reminder", "daily", NOW, {"time": "10:00"})
ANA_ELSEWHERE = ContactKey("whatsapp:1", "ana")


def to(contact_id: str, index: int = 0) -> ContactTask:
    return ContactTask(contact_id, DueTask("remind", f"standing:daily:{index}", NOW, {"item": {"n": index}}))


async def due(store: StateStorePort) -> Claim:
    """A run of the schedule ``daily`` has come due and is claimed."""
    await store.tasks.replace_standing(STANDING, "standing", [task("daily", 0, interval_seconds=60)], at=NOW)
    await store.tasks.fire_due(now=NOW, grace=after(300) - NOW, next_due=lambda *_: None, limit=9)
    claimed = await claim(store, STANDING)
    assert claimed.event == RUN_OF
    return claimed.claim


async def test_each_task_enters_the_line_of_its_contact_with_its_data_and_the_run_is_done(
    store: StateStorePort,
) -> None:
    await say(store, "hello")
    await say(store, "hola", contact=BRUNO)
    handed_out = await store.audiences.hand_out(await due(store), RUN_OF, [to("ana"), to("bruno", 1)], at=NOW)
    assert handed_out == HandedOut(frozenset({ANA, BRUNO}), ())
    assert (await claim(store, ANA)).event == to("ana").task
    claimed = await claim(store, BRUNO)
    assert (claimed.event, claimed.profile) == (to("bruno", 1).task, "http_dev")
    assert await store.inbox.contacts_waiting() == [ANA, BRUNO]


async def test_a_contact_on_two_channels_is_written_to_where_the_conversation_moved_on_last(
    store: StateStorePort,
) -> None:
    for contact, at_s in ((ANA_ELSEWHERE, 2), (ANA, 1)):
        await store.inbox.accept([message(f"m-{contact.channel_id}", contact)], NOW)
        claimed = await claim(store, contact)
        moved = conversation(f"conv-{contact.channel_id}", "http_dev", contact.contact_id)
        await store.conversations.commit_step(step(claimed.claim, contact, at=after(at_s), snapshot=moved))
    handed_out = await store.audiences.hand_out(await due(store), RUN_OF, [to("ana")], at=NOW)
    assert handed_out.reached == {ANA_ELSEWHERE}


async def test_contacts_no_channel_knows_are_recorded_once_per_run_and_nothing_is_put_in_for_them(
    store: StateStorePort,
) -> None:
    tasks = [to("ghost"), to("ghost", 1), to("nobody", 2)]
    handed_out = await store.audiences.hand_out(await due(store), RUN_OF, tasks, at=NOW)
    assert handed_out == HandedOut(frozenset(), ("ghost", "nobody"))
    assert await store.audiences.unreached("daily") == [
        Unreached("daily", NOW, "ghost"),
        Unreached("daily", NOW, "nobody"),
    ]
    assert (await store.audiences.unreached("weekly"), (await store.counts()).inbox_open) == ([], 0)


async def test_a_run_that_was_handed_out_is_not_handed_out_again(store: StateStorePort) -> None:
    await say(store, "hello")
    claimed = await due(store)
    await store.audiences.hand_out(claimed, RUN_OF, [to("ana")], at=NOW)
    with pytest.raises(ClaimLostError):
        await store.audiences.hand_out(claimed, RUN_OF, [to("ana", 1), to("ghost", 2)], at=NOW)
    assert ((await store.counts()).inbox_open, await store.audiences.unreached("daily")) == (1, [])


async def test_only_the_run_that_claimed_the_event_hands_it_out(store: StateStorePort) -> None:
    await say(store, "hello")
    claimed = await due(store)
    with pytest.raises(ClaimLostError):
        await store.audiences.hand_out(Claim(claimed.seq, f"not-{RUN}"), RUN_OF, [to("ana")], at=NOW)
    assert await store.inbox.contacts_waiting() == [STANDING]


async def test_a_task_the_inbox_knows_is_not_put_in_twice(store: StateStorePort) -> None:
    await say(store, "hello")
    handed_out = await store.audiences.hand_out(await due(store), RUN_OF, [to("ana"), to("ana")], at=NOW)
    assert (handed_out.reached, (await store.counts()).inbox_open) == (frozenset({ANA}), 1)
