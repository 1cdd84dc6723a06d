"""What the business did to an appointment: told once, its reminders moved with it, all in one transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from runtime.ports.appointment_news import AppointmentNews
from runtime.ports.conversation_store import PlannedTask
from runtime.ports.inbox_store import ClaimedEvent, ContactKey, DueTask
from runtime.ports.state_store import StateStorePort
from tests.connectors.state.bookings import TEN, booking
from tests.runtime.store.samples import ANA, BRUNO, NOW, RUN, after, claim, message, say, step

HOUR = timedelta(hours=1)
TASK = DueTask("appointment_moved", "appointment_moved:1:e1", NOW, {"booking": {"event_id": "e1"}})


async def changed(store: StateStorePort, contact: str = "ana") -> AppointmentNews:
    """An appointment of the contact that the business has moved by an hour."""
    ledger = store.connectors.appointments
    await ledger.hold(booking("e1", contact=contact), at=NOW)
    await ledger.confirm("e1", at=NOW)
    await ledger.move("e1", booking("e1", contact=contact, at=TEN + HOUR), version="", at=NOW)
    (change,) = await ledger.untold(9)
    return AppointmentNews(change.id, contact, "e1", TASK, HOUR, {"when": "at eleven"})


async def remind(store: StateStorePort, *tasks: PlannedTask, contact: ContactKey = ANA) -> None:
    await store.inbox.accept([message(f"m-{contact.contact_id}", contact)], NOW)
    claimed = await claim(store, contact)
    await store.conversations.commit_step(step(claimed.claim, contact, tasks=tasks))


def reminder(key: str, due_s: float = 600) -> PlannedTask:
    data = {"booking": {"event_id": "e1", "when": "at ten", "title": "Cut"}, "nested": [{"event_id": "e2"}], "n": 1}
    return PlannedTask("remind", key, after(due_s), data=data)  # type: ignore[arg-type] # a literal is wider than JSON


async def fired(store: StateStorePort, at_s: float) -> list[DueTask]:
    """What comes due until then, in the line of Ana."""
    await store.tasks.fire_due(now=after(at_s), grace=timedelta(days=1), next_due=lambda *_: None, limit=9)
    found: list[DueTask] = []
    while isinstance(claimed := await store.inbox.claim(ANA, RUN, max_attempts=3, at=NOW), ClaimedEvent):
        await store.conversations.commit_step(step(claimed.claim))
        if isinstance(claimed.event, DueTask):
            found.append(claimed.event)
    return found


async def test_the_task_enters_the_line_of_the_contact_once(store: StateStorePort) -> None:
    await say(store, "hello")
    news = await changed(store)
    assert await store.appointment_news.tell(news, at=NOW) == ANA
    assert await store.appointment_news.tell(news, at=NOW) is None
    assert await store.connectors.appointments.untold(9) == []
    assert await fired(store, 0) == [TASK]


async def test_its_reminders_move_with_it_and_speak_of_the_new_time(store: StateStorePort) -> None:
    await remind(store, reminder("reminder:e1"), reminder("reminder:e2"), reminder("e1x:reminder"))
    await store.appointment_news.tell(replace(await changed(store), task=None), at=NOW)
    assert {task.idempotency_key for task in await fired(store, 601)} == {"reminder:e2", "e1x:reminder"}
    (moved,) = await fired(store, 601 + 3600)
    assert moved.idempotency_key == "reminder:e1"
    assert moved.due_at == after(600) + HOUR
    assert moved.data == {
        "booking": {"event_id": "e1", "when": "at eleven", "title": "Cut"},
        "nested": [{"event_id": "e2"}],
        "n": 1,
    }


async def test_a_reminder_that_would_come_too_late_is_cancelled(store: StateStorePort) -> None:
    await remind(store, reminder("reminder:e1", due_s=1800))
    await store.appointment_news.tell(replace(await changed(store), shift=-HOUR), at=NOW)
    assert [task.task for task in await fired(store, 3600)] == ["appointment_moved"]


async def test_a_cancelled_appointment_takes_its_reminders_along(store: StateStorePort) -> None:
    await remind(store, reminder("reminder:e1"), reminder("reminder:e2"))
    await store.appointment_news.tell(replace(await changed(store), shift=None, task=None), at=NOW)
    assert [task.idempotency_key for task in await fired(store, 3600)] == ["reminder:e2"]


async def test_other_peoples_reminders_stay(store: StateStorePort) -> None:
    await remind(store, reminder("reminder:e1"))
    await say(store, "hola", contact=BRUNO)
    news = await changed(store, contact="bruno")
    assert await store.appointment_news.tell(replace(news, shift=None), at=NOW) == BRUNO
    assert [task.due_at for task in await fired(store, 600)] == [after(600)]


async def test_somebody_on_no_channel_is_told_nothing_and_the_change_is_forgotten(store: StateStorePort) -> None:
    assert await store.appointment_news.tell(await changed(store), at=NOW) is None
    assert await store.connectors.appointments.untold(9) == []
