"""What connectors cost before anybody outside is asked."""

from __future__ import annotations

from collections.abc import Iterable

from bench.calendars.salon import slots_figure
from bench.calls.pipeline import pipeline_figure
from bench.figure import Figure


def main() -> Iterable[Figure]:
    yield pipeline_figure()
    yield slots_figure()
