"""Following the release that the control plane names for a trial, and when there is something to tell of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from runtime.bundles.trials import Trials
from runtime.errors import ControlPlaneError
from tests.runtime.bundles.bundle_line import BundleLine, bundle, bundle_line

SECOND = bundle(2, staged={"contacts": ["34600999888"]})


@pytest.fixture
async def line(tmp_path: Path) -> AsyncIterator[BundleLine]:
    """Live on the first release. What is served from now on is served as the staged one."""
    async with bundle_line(tmp_path) as opened:
        assert await opened.serve(bundle(1))
        opened.plane.asked_with.clear()
        yield opened


async def test_a_trial_is_news_when_it_begins_and_when_it_ends(line: BundleLine) -> None:
    trials = Trials(line.source, line.keeper)
    line.plane.envelope = SECOND
    assert [await trials.follow(named) for named in (None, 2, 2, None, None)] == [False, True, False, True, False]
    assert line.keeper.staged_serial is None
    assert len(line.plane.asked_with) == 1


async def test_a_refused_trial_is_news_once_and_not_fetched_again(line: BundleLine) -> None:
    trials = Trials(line.source, line.keeper)
    line.plane.envelope = bundle(2)
    assert [await trials.follow(2), await trials.follow(2)] == [True, False]
    assert (line.keeper.staged_serial, line.code) == (None, "not_staged")
    assert len(line.plane.asked_with) == 1


async def test_another_release_than_was_named_is_tried_and_is_no_news_until_it_is_named(line: BundleLine) -> None:
    trials = Trials(line.source, line.keeper)
    line.plane.envelope = SECOND
    assert [await trials.follow(3), await trials.follow(3)] == [False, False]
    assert line.keeper.staged_serial == 2
    assert await trials.follow(2) is False
    assert len(line.plane.asked_with) == 2


async def test_a_trial_that_is_not_to_be_had_is_asked_for_again(line: BundleLine) -> None:
    trials = Trials(line.source, line.keeper)
    line.plane.envelope, line.plane.status = SECOND, 503
    with pytest.raises(ControlPlaneError, match="503"):
        await trials.follow(2)
    line.plane.status = 200
    assert await trials.follow(2) is True
