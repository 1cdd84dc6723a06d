"""The tasks that the platform runs are the same words on both sides."""

from __future__ import annotations

from flow_engine.validation.platform_tasks import PLATFORM_TASKS, given_to
from runtime.conversation.calendar_sync import TASKS


def test_the_checker_knows_every_task_the_runtime_runs_and_no_other() -> None:
    assert set(PLATFORM_TASKS) == set(TASKS.values())


def test_data_is_given_only_to_a_flow_that_has_such_a_task() -> None:
    assert given_to({"reminder": None}) == frozenset()
    assert given_to({"reminder": None, "appointment_moved": None}) == {"booking", "before"}
