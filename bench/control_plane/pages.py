"""Every page an operator can open: how long the slowest takes, and the most queries one costs."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterator
from http import HTTPStatus
from typing import Final

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.control_plane.addresses import pages
from bench.control_plane.business import fill
from bench.figure import Figure, figure
from platform_admin.credentials.actions import create_tenant_key
from platform_admin.tenants.models import Tenant, User

ROUNDS = 7
_MOST_MS = 300
_MOST_QUERIES = 30
_LOOKED_AT: Final = "t250"
_OF_EACH: Final = 3
"""What the business has of everything that is not counted in thousands: releases, numbers, people."""


def measure_pages() -> Iterator[Figure]:
    person = User.objects.create_superuser("bench@example.com", "not used, signed in by force")
    tenant = Tenant.objects.get(slug=_LOOKED_AT)
    create_tenant_key(tenant=tenant, by=person)
    fill(tenant, range(_OF_EACH), by=person)
    client = Client()
    client.force_login(person)
    times: dict[str, list[float]] = {}
    queries: dict[str, int] = {}
    for page in pages(tenant, person):
        answer = client.get(page.address)  # what is remembered from then on is not counted
        assert answer.status_code == HTTPStatus.OK, f"{page.title}: {answer.status_code}"
        with CaptureQueriesContext(connection) as captured:
            client.get(page.address)
        queries[page.title] = len(captured)
        times[page.title] = [_milliseconds(client, page.address) for _ in range(ROUNDS)]
    for title in sorted(times, key=lambda one: -statistics.median(times[one]))[:10]:
        print(f"{statistics.median(times[title]):8.1f} ms {queries[title]:3d} queries {title}", file=sys.stderr)
    worst = max(times, key=lambda title: statistics.median(times[title]))
    yield figure("admin.page_ms_max", times[worst], unit="ms", against=f"<= {_MOST_MS} ms; the worst is {worst}")
    most = max(queries, key=lambda title: queries[title])
    yield figure(
        "admin.queries_max", [queries[most]], unit="queries", against=f"<= {_MOST_QUERIES}; the most at {most}"
    )
    yield figure("admin.pages", [len(times)], unit="pages", against="every page but those excepted with a reason")


def _milliseconds(client: Client, address: str) -> float:
    started = time.perf_counter()
    client.get(address)
    return 1000 * (time.perf_counter() - started)
