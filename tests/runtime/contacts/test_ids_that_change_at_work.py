"""Customers who get another id, or are seen to be one, while turns of theirs wait for a calendar."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from connectors.port import ConnectorCall
from flow_engine.vocabulary import JSON
from runtime.ports.contact_notes import IdentityChanged
from runtime.store.sqlite import SQLiteStateStore
from tests.runtime.contacts.test_desk import CHANNEL, GatedCalendar, written
from tests.runtime.desk import NOW, open_desk


class CalendarInTurn(GatedCalendar):
    """Answers each call when its own gate is opened."""

    def __init__(self) -> None:
        super().__init__()
        self.gates: list[asyncio.Event] = []

    async def invoke(self, call: ConnectorCall) -> JSON:
        gate = asyncio.Event()
        self.gates.append(gate)
        number = len(self.gates)
        await gate.wait()
        return {"id": f"appt-{number}"}

    async def both_asked(self) -> bool:
        return len(self.gates) == 2


@pytest.mark.parametrize(
    ("other", "notes"),
    [
        pytest.param(
            "ES.1",
            [IdentityChanged(CHANNEL, "34600", "ES.1", NOW), IdentityChanged(CHANNEL, "ES.1", "ES.2", NOW)],
            id="they are seen to be one, and she gets another id",
        ),
        pytest.param(
            "34700", [IdentityChanged(CHANNEL, "34600", "ES.2", NOW, "34700")], id="both are seen in one note"
        ),
    ],
)
@pytest.mark.parametrize("ends_first", [0, 1])
async def test_two_turns_of_one_customer_are_finished_before_her_new_id_has_one(
    tmp_path: Path, other: str, notes: list[IdentityChanged], ends_first: int
) -> None:
    calendar = CalendarInTurn()
    async with open_desk(SQLiteStateStore(tmp_path / "state.db"), calendar.release()) as desk:
        for number, contact_id in enumerate(("34600", other), start=1):
            await desk.core.desk.accept([written(f"m{number}", "book", contact_id, payload="book")])
            await desk.until_heard(number)
        await desk.until(calendar.both_asked)
        await desk.core.desk.note(notes)
        calendar.gates[ends_first].set()
        await desk.until_heard(3)
        await desk.core.desk.accept([written("m3", "say_uno", "ben", payload="say_uno")])
        await desk.until_heard(4)  # so her new id, which came before him, has had its turn if it may
        calendar.gates[1 - ends_first].set()
        await desk.quiet()
        assert len(calendar.gates) == 2
        first, last = f"booked appt-{ends_first + 1}", f"booked appt-{2 - ends_first}"
        assert desk.channel.texts() == ["one moment", "one moment", first, "said uno", last]


async def test_a_turn_under_way_is_told_to_the_last_of_two_ids_although_nothing_else_comes(tmp_path: Path) -> None:
    calendar = GatedCalendar()
    async with open_desk(SQLiteStateStore(tmp_path / "state.db"), calendar.release()) as desk:
        await desk.core.desk.accept([written("m1", "book", "34600", payload="book")])
        await asyncio.wait_for(calendar.reached.wait(), 5)
        await desk.until_heard(1)
        for previous, current in (("34600", "34700"), ("34700", "ES.1")):
            await desk.core.desk.note([IdentityChanged(CHANNEL, previous, current, NOW)])
        calendar.open.set()
        await desk.until_heard(2)
        assert desk.channel.texts() == ["one moment", "booked appt-1"]
        assert [message.contact_id for message in desk.channel.heard] == ["34600", "ES.1"]
