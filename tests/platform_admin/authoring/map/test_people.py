"""How many people went which way, and where most are lost."""

from __future__ import annotations

from platform_admin.authoring.map.people import people_on_ways

ENTERED = [({"state": "MENU"}, 100), ({"state": "DAY"}, 60), ({"state": "TIME"}, 30), ({"state": "RARE"}, 3)]
WENT = [
    ({"from": "MENU", "to": "DAY"}, 60),
    ({"from": "MENU", "to": "HOURS"}, 40),
    ({"from": "DAY", "to": "TIME"}, 30),
    ({"from": "DAY", "to": "MENU"}, 6),
    ({"from": "RARE", "to": "MENU"}, 1),
]


def test_a_way_has_its_people_and_their_share_and_the_worst_step_is_marked_once() -> None:
    told = [(way.source, way.target, way.people, way.share, way.drop) for way in people_on_ways(ENTERED, WENT, {})]
    assert told == [
        ("DAY", "MENU", 6, 10, False),
        ("DAY", "TIME", 30, 50, True),
        ("MENU", "DAY", 60, 60, False),
        ("MENU", "HOURS", 40, 40, False),
        ("RARE", "MENU", 1, 33, False),
    ]


def test_people_of_a_step_that_was_renamed_are_counted_under_its_name_of_now() -> None:
    entered = [({"state": "DAY"}, 10), ({"state": "ELEGIR_DÍA"}, 10)]
    went = [({"from": "DAY", "to": "TIME"}, 5), ({"from": "ELEGIR_DÍA", "to": "TIME"}, 5)]
    (way,) = people_on_ways(entered, went, {"DAY": "ELEGIR_DÍA"})
    assert (way.source, way.people, way.share) == ("ELEGIR_DÍA", 10, 50)


def test_more_may_leave_than_came_in_the_time_that_is_looked_at() -> None:
    (way,) = people_on_ways([({"state": "A"}, 5)], [({"from": "A", "to": "B"}, 8)], {})
    assert (way.people, way.share, way.drop) == (8, 100, False)


def test_nothing_counted_is_nothing_told() -> None:
    assert people_on_ways([], [], {}) == ()
