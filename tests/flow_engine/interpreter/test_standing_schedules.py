"""A standing schedule for an audience: which call finds it, and what runs for whom."""

from __future__ import annotations

import pytest

from flow_engine.effects import CallConnector
from flow_engine.interpreter import StandingTask, standing_call, standing_tasks
from flow_engine.limits import MAX_AUDIENCE
from flow_engine.outputs.output import Text
from flow_engine.simulation import Conversation
from flow_engine.vocabulary import JSON
from tests.flow_engine.normalised import program, state, text
from tests.flow_engine.world import MONDAY, World, load

FLOW = load(
    program(
        {"A": state(text("a"))},
        tasks={"remind": [text("Until {{ data.item.time }}, {{ contact.id }}!")]},
        standing_schedules=[
            {
                "id": "eve",
                "task": "remind",
                "cron": "0 9 * * *",
                "interval_seconds": None,
                "for_each": {
                    "connector": "calendar",
                    "operation": "list_appointments",
                    "params": {"date": "{{ data.today }}", "shop": "{{ business.name }}"},
                    "contact": "item.contact",
                },
            },
            {"id": "plain", "task": "remind", "cron": None, "interval_seconds": 60, "for_each": None},
        ],
    )
)
KEY = "standing:eve:2026-03-02T09:30:00+00:00"


def test_the_audience_is_asked_for_with_params_of_the_moment() -> None:
    params: dict[str, JSON] = {"date": "2026-03-02", "shop": "Peluquería Sol"}
    assert standing_call(FLOW, "eve", MONDAY) == CallConnector(KEY, "calendar", "list_appointments", params)


@pytest.mark.parametrize("schedule", ["plain", "unknown"])
def test_a_schedule_without_an_audience_asks_nobody(schedule: str) -> None:
    assert standing_call(FLOW, schedule, MONDAY) is None
    assert standing_tasks(FLOW, schedule, [{"contact": "ana"}], MONDAY) == ()


def test_every_item_whose_contact_is_known_gets_a_task() -> None:
    ana: JSON = {"contact": "ana", "time": "10:00"}
    result: JSON = [ana, {"contact": None}, "no item", {"contact": 34600, "time": "11:00"}]
    assert standing_tasks(FLOW, "eve", result, MONDAY) == (
        StandingTask("ana", "remind", f"{KEY}:0", {"item": ana}),
        StandingTask("34600", "remind", f"{KEY}:3", {"item": {"contact": 34600, "time": "11:00"}}),
    )


@pytest.mark.parametrize("result", [None, {}, "ana", 7, []])
def test_a_result_that_is_no_list_of_anything_is_nobody(result: JSON) -> None:
    assert standing_tasks(FLOW, "eve", result, MONDAY) == ()


def test_an_audience_has_an_end() -> None:
    result: JSON = [{"contact": str(number)} for number in range(MAX_AUDIENCE + 1)]
    assert len(standing_tasks(FLOW, "eve", result, MONDAY)) == MAX_AUDIENCE


def test_the_task_sees_its_item() -> None:
    (task,) = standing_tasks(FLOW, "eve", [{"contact": "ana", "time": "10:00"}], MONDAY)
    chat = Conversation(FLOW, World().perform, MONDAY, contact_id=task.contact_id)
    assert chat.run_task(task.task, task.idempotency_key, dict(task.data)) == (Text("Until 10:00, ana!"),)
