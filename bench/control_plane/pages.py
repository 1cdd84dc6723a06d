"""Every page an operator can open: how long the slowest takes, and the most queries one costs."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from bench.figure import Figure, figure
from platform_admin.tenants.models import Tenant, User

ROUNDS = 7
_MOST_MS = 300
_MOST_QUERIES = 30

OF_A_TENANT = (
    *(f"sight:{name}" for name in (
        "summary", "conversations", "hand_offs", "questions", "work", "health", "releases", "said", "trail", "privacy",
    )),
    *(f"authoring:{name}" for name in (
        "home", "conversation", "customers", "faq", "hours", "publish", "releases", "start", "tests",
    )),
    "connect:connections", "people:team", "people:tokens",
)  # fmt: skip
"""Pages whose address needs nothing but the tenant."""


def measure_pages() -> Iterator[Figure]:
    client = Client()
    client.force_login(User.objects.create_superuser("bench@example.com", "not used, signed in by force"))
    times: dict[str, list[float]] = {}
    queries: dict[str, int] = {}
    for address in addresses():
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(address)
        assert answer.status_code == HTTPStatus.OK, f"{address}: {answer.status_code}"
        queries[address] = len(captured)
        times[address] = [_milliseconds(client, address) for _ in range(ROUNDS)]
    for address in sorted(times, key=lambda one: -statistics.median(times[one]))[:10]:
        print(f"{statistics.median(times[address]):8.1f} ms {queries[address]:3d} queries {address}", file=sys.stderr)
    worst = max(times, key=lambda address: statistics.median(times[address]))
    yield figure("admin.page_ms_max", times[worst], unit="ms", against=f"<= {_MOST_MS} ms; the worst is {worst}")
    most = max(queries, key=lambda address: queries[address])
    yield figure(
        "admin.queries_max", [queries[most]], unit="queries", against=f"<= {_MOST_QUERIES}; the most at {most}"
    )
    yield figure("admin.pages", [len(times)], unit="pages", against="every list, every form, every page of a tenant")


def addresses() -> Iterator[str]:
    """The first page, the pages of one tenant, one's own, and of every model the list and one row to look at."""
    yield reverse("admin:index")
    yield reverse("whole_trail")
    yield reverse("people:account")
    tenant = Tenant.objects.get(slug="t250")
    for name in OF_A_TENANT:
        yield reverse(name, args=[tenant.slug])
    yield reverse("sight:conversation", args=[tenant.slug, "c1"])
    yield reverse("authoring:customer", args=[tenant.slug, "c1"])
    yield reverse("sight:release", args=[tenant.slug, 1])
    for model, registered in admin.site._registry.items():  # noqa: SLF001 - the only list of them
        label = f"{model._meta.app_label}_{model._meta.model_name}"  # noqa: SLF001 - Django documents _meta
        yield reverse(f"admin:{label}_changelist")
        rows: Any = getattr(registered.model, "objects", None)
        if hasattr(rows, "across_tenants"):
            rows = rows.across_tenants("the benchmark looks at any row")
        row = None if rows is None else rows.order_by("pk").first()
        if row is not None:
            try:
                yield reverse(f"admin:{label}_change", args=[row.pk])
            except NoReverseMatch:
                continue


def _milliseconds(client: Client, address: str) -> float:
    started = time.perf_counter()
    client.get(address)
    return 1000 * (time.perf_counter() - started)
