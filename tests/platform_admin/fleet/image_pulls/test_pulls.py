"""One pull: fetched once for all who wait, told how far it is, tried again when it failed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import docker
import pytest

from platform_admin.fleet.driver import WantedRuntime
from platform_admin.fleet.drivers.backoff import FIRST_PAUSE
from platform_admin.fleet.drivers.docker.driver import DockerDriver
from platform_admin.fleet.drivers.docker.pull import Pull
from platform_admin.fleet.drivers.docker.pulls import GIVEN_UP_AFTER, Pulls
from platform_admin.fleet.drivers.errors import ImageOnItsWayError
from tests.fakes.container_engine import ContainerEngine
from tests.platform_admin.fleet.image_pulls.registry import (
    FETCHED,
    NEW,
    OLD,
    Clock,
    told,
    until,
)


def test_an_image_that_is_there_is_not_fetched(pulls: Pulls, engine: ContainerEngine) -> None:
    pulls.ensure(OLD, tenant="luna")
    assert engine.pulls == []


def test_it_says_how_far_it_is_and_is_there_at_last(pulls: Pulls, engine: ContainerEngine) -> None:
    assert told(pulls) == f"{FETCHED}. luna starts when it is there."
    until(lambda: engine.pulls == [NEW])
    engine.tell(NEW, status="Pulling from runtime", id="2")
    for layer, status in (("a", "Already exists"), ("b", "Pulling fs layer"), ("c", "Pulling fs layer")):
        engine.tell(NEW, status=status, id=layer)
    engine.tell(NEW, status="Downloading", id="b", progressDetail={"current": 5, "total": 9})
    engine.tell(NEW, status="Download complete", id="c")
    until(lambda: told(pulls) == f"{FETCHED} (2 of 3 parts). luna starts when it is there.")
    engine.finish(NEW)
    assert pulls.wait()
    assert told(pulls) == ""
    assert engine.pulls == [NEW]


def test_however_many_want_it_it_is_fetched_once(pulls: Pulls, engine: ContainerEngine) -> None:
    for tenant in ("luna", "sol", "luna", "sol"):
        assert told(pulls, tenant=tenant) == f"{FETCHED}. luna starts when it is there.".replace("luna", tenant)
    until(lambda: engine.pulls != [])
    assert engine.pulls == [NEW]


def test_nobody_waits_for_what_is_not_fetched(pulls: Pulls) -> None:
    assert not pulls.wait()


def refused_at_once(engine: ContainerEngine) -> None:
    engine.refusals[NEW] = (404, "pull access denied for runtime")


def refused_on_the_way(engine: ContainerEngine) -> None:
    until(lambda: engine.pulls != [])
    engine.tell(NEW, status="Pulling fs layer", id="a")
    engine.tell(NEW, error="unauthorized: authentication\nrequired", errorDetail={})
    engine.finish(NEW, there=False)


def refused_without_a_word(engine: ContainerEngine) -> None:
    engine.refusals[NEW] = (500, "")


@dataclass(frozen=True, slots=True)
class Failure:
    before: Callable[[ContainerEngine], None] | None
    after: Callable[[ContainerEngine], None] | None
    told: str


FAILURES = {
    "Docker refuses at once": Failure(refused_at_once, None, " (pull access denied for runtime)"),
    "Podman refuses on the way": Failure(None, refused_on_the_way, " (unauthorized: authentication required)"),
    "an engine gives no reason": Failure(refused_without_a_word, None, " (the engine answers 500)"),
}


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES.keys())
def test_one_that_failed_is_told_in_one_line_and_tried_again_after_a_pause(
    pulls: Pulls, engine: ContainerEngine, clock: Clock, failure: Failure
) -> None:
    missing = f"The image {NEW} for luna is not there{failure.told}. Build or push it, or choose another version."
    if failure.before is not None:
        failure.before(engine)
    assert told(pulls).startswith(FETCHED)
    if failure.after is not None:
        failure.after(engine)
    pulls.wait()
    assert told(pulls) == told(pulls) == missing
    assert engine.pulls == [NEW]
    clock.now += FIRST_PAUSE
    assert told(pulls).startswith(FETCHED)
    until(lambda: engine.pulls == [NEW, NEW])


def test_an_image_that_came_another_way_meanwhile_is_taken(pulls: Pulls, engine: ContainerEngine) -> None:
    engine.refusals[NEW] = (404, "manifest unknown")
    told(pulls)
    pulls.wait()
    assert "manifest unknown" in told(pulls)
    engine.images.add(NEW)
    assert told(pulls) == ""


def test_the_docker_driver_makes_nothing_while_it_waits(client: docker.DockerClient, engine: ContainerEngine) -> None:
    driver = DockerDriver(client)
    with pytest.raises(ImageOnItsWayError):
        driver.apply(WantedRuntime("luna", image=NEW))
    assert engine.others == []
    until(lambda: engine.pulls == [NEW])
    engine.finish(NEW)
    assert driver.wait_for_images()
    assert not driver.wait_for_images()


def comes_on(pulls: Pulls) -> bool:
    with pytest.raises(ImageOnItsWayError) as waits:
        pulls.ensure(NEW, tenant="luna")
    return waits.value.comes_on


def test_half_an_hour_is_counted_from_when_it_was_wanted_and_anew_once_nobody_wanted_it(
    pulls: Pulls, engine: ContainerEngine, clock: Clock
) -> None:
    assert not comes_on(pulls)
    until(lambda: engine.pulls == [NEW])
    engine.tell(NEW, status="Downloading", id="a")
    until(lambda: comes_on(pulls))
    for minutes, counts in ((4, True), (4, True), (4, True), (4, True), (4, True), (4, True), (4, True), (2, False)):
        clock.now += timedelta(minutes=minutes)
        assert comes_on(pulls) is counts
    clock.now += GIVEN_UP_AFTER
    assert comes_on(pulls)


def test_an_engine_that_says_nothing_any_more_is_given_up(client: docker.DockerClient, engine: ContainerEngine) -> None:
    pull = Pull(client, NEW, silent_s=0.2)
    pull.wait()
    assert (engine.pulls, pull.is_under_way) == ([NEW], False)
    assert pull.failure == "timed out"
