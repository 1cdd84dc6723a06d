"""Every booking schedules a reminder a second later: it must be fired once, and lead to one message."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from tests.crash.broken import Broken, Promise
from tests.crash.reader import InboxRow, StateFile
from tests.crash.tenant import REMINDER, REMINDER_KEY
from tests.crash.traffic import Written


def reminder_of(row: InboxRow) -> tuple[str, ...]:
    """What a task that has fallen due says."""
    return (f"{REMINDER}{row.message_id.removeprefix(REMINDER_KEY)}",)


def reminders(file: StateFile, posted: Mapping[str, Written]) -> Iterator[Broken]:
    """Each booking that was answered has its task, fired once; nobody else has one.

    That what was fired is also said, and said once, is seen where replies are compared.
    """
    entered = Counter(row.message_id for row in file.inbox if row.is_task)
    planned = {task.key: task for task in file.tasks}
    wanted, perhaps = set[str](), set[str]()
    for row in file.messages:
        written = posted.get(row.message_id)
        if written is not None and written.reminder is not None:
            (wanted if row.state == "done" else perhaps).add(written.reminder)
    for key in sorted((wanted | planned.keys() | entered.keys()) - perhaps):
        task = planned.get(key)
        if key not in wanted:
            yield Broken(Promise.FIRED_ONCE, f"{key} was scheduled and nobody booked")
        elif task is None:
            yield Broken(Promise.FIRED_ONCE, f"{key} was booked and is not scheduled")
        elif (task.state, task.fired, entered[key]) != ("fired", 1, 1):
            how = f"it is {task.state}, counted {task.fired} times and {entered[key]} times in the inbox"
            yield Broken(Promise.FIRED_ONCE, f"{key} was to be fired once: {how}")
