"""The plan of a run: every point gets its kill."""

from __future__ import annotations

import random

import pytest

from tests.crash.plan import Plan
from tests.crash.points import Injection, Point


@pytest.mark.parametrize("seed", range(20))
def test_a_point_that_is_hard_to_reach_gets_the_last_kills(seed: int) -> None:
    plan = Plan(100, random.Random(seed))
    tried = 0
    for injection in plan:
        if injection is not None:
            hard = injection.point is Point.CALLED
            tried += hard
            plan.note(injection, hit=not hard or (injection.nth == 1 and tried > 6))
    assert plan.never_hit == []


@pytest.mark.parametrize("seed", range(20))
def test_every_point_is_hit_though_some_are_reached_but_once_in_a_life(seed: int) -> None:
    chance = random.Random(seed)
    reached = {point: chance.choice([1, 2, 5, 100]) for point in Point}
    plan = Plan(100, random.Random(seed))
    moments = 0
    for injection in plan:
        if injection is None:
            moments += 1
        else:
            plan.note(injection, hit=injection.nth <= reached[injection.point])
    assert plan.never_hit == []
    assert moments + plan.hits.total() + plan.misses.total() == 100


def test_a_point_that_nobody_reaches_is_named_and_never_counted() -> None:
    plan = Plan(100, random.Random(1))
    for injection in plan:
        if injection is not None:
            plan.note(injection, hit=injection.point is not Point.CALLED)
    assert plan.never_hit == [Point.CALLED]
    assert plan.hits[Point.CALLED] == 0


def test_a_point_that_was_missed_may_take_longer_each_time_until_it_is_hit() -> None:
    plan, missed, told = Plan(100, random.Random(1)), Injection(Point.REPORTED, 1), []
    for hit in (False, False, False, False, False, True):
        told.append(plan.patience(Point.REPORTED))
        plan.note(missed, hit=hit)
    assert (told, plan.patience(Point.REPORTED)) == ([1, 2, 3, 4, 5, 5], 1)


def test_the_same_seed_and_the_same_course_give_the_same_kills() -> None:
    def course() -> list[object]:
        plan, kills = Plan(200, random.Random(7)), list[object]()
        for injection in plan:
            kills.append(injection)
            if injection is not None:
                plan.note(injection, hit=injection.nth < 10)
        return kills

    assert course() == course()
