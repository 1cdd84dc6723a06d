"""``python -m bench.control_plane``: seed, measure, print a figure a line. Wants an empty database in DATABASE_URL."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import sys
from collections.abc import Iterator

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "platform_admin.config.settings.test"
django.setup()

from django.core.management import call_command  # noqa: E402 - needs the settings

from bench.control_plane.api import measure_api  # noqa: E402 - as above
from bench.control_plane.pages import measure_pages  # noqa: E402 - as above
from bench.control_plane.seeding import seed  # noqa: E402 - as above
from bench.figure import Figure  # noqa: E402 - as above

DEFAULT_ROWS = 5_000_000


def measured() -> Iterator[Figure]:
    call_command("migrate", verbosity=0, interactive=False)
    seeded = seed(turns=int(os.environ.get("BENCH_ROWS", DEFAULT_ROWS)))
    yield seeded.figure
    yield from measure_api(seeded.tokens)
    yield from measure_pages()  # the last: it publishes for one business, which has another bundle from then on


if __name__ == "__main__":
    with contextlib.redirect_stdout(sys.stderr):
        figures = list(measured())
    for one in figures:
        print(json.dumps(dataclasses.asdict(one)))
