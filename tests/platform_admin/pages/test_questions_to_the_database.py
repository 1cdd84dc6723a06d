"""How many questions each page asks of the database: as many with much as with little, and as many as are pinned.

Every page that the benchmark opens, so that a new one is here by being there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.control_plane.addresses import pages
from bench.control_plane.business import fill
from platform_admin.tenants.models import Tenant, User
from tests.platform_admin.business import provisioned
from tests.platform_admin.isolation.table_rows import rows_of, tenant_models
from tests.platform_admin.pages.pins import PINS

pytestmark = [
    pytest.mark.django_db,
    # django-unfold overrides a method whose signature Django 6.1 widened; theirs to change.
    pytest.mark.filterwarnings("ignore:Overriding get_action_choices"),
]

MOST: Final = 30
"""Of any page (`make bench ONLY=admin`)."""

LITTLE: Final = 2
"""Of everything. With one alone a release has none before it to be compared with."""

MUCH: Final = 6

ONE_EACH: Final = {
    "business.BusinessDraft",
    "credentials.TenantKey",
    "fleet.Deployment",
    "flows.Flow",
    "flows.FlowDraft",
    "knowledge.KnowledgeDocument",
    "observability.RuntimeSighting",
    "releases.StagedRelease",
    "releases.TenantSettings",
}
"""Tables in which a business has one row for as long as there is the business."""


UNUSED: Final = {"credentials.CredentialUse"}
"""Tables that processes of the version before alone write."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Questions by the title of the page, and rows by the table."""

    questions: dict[str, int]
    rows: dict[str, int]


def count(tenant: Tenant, operator: User) -> Counted:
    client = Client()
    client.force_login(operator)
    questions = {}
    for page in pages(tenant, operator):
        assert client.get(page.address).status_code == 200, page.title  # remembers what is remembered from then on
        with CaptureQueriesContext(connection) as asked:
            client.get(page.address)
        questions[page.title] = len(asked)
    return Counted(questions, {model._meta.label: rows_of(model, tenant).count() for model in tenant_models()})


def test_every_page_asks_as_much_as_is_pinned_however_much_there_is(operator: User, luna: Tenant) -> None:
    fill(luna, range(LITTLE), by=operator)
    little = count(luna, operator)
    fill(luna, range(LITTLE, MUCH), by=operator)
    for slug in ("mar", "sol"):
        fill(provisioned(slug).tenant, range(1), by=operator)
        Client().force_login(operator)  # another session, for the list of them
    much = count(luna, operator)
    require_more(little, much)
    assert sorted(little.questions) == sorted(PINS), "a line a page in tests/platform_admin/pages/pins.py"
    asked = {title: (number, much.questions.get(title)) for title, number in little.questions.items()}
    assert {title: numbers for title, numbers in asked.items() if numbers != (PINS[title], PINS[title])} == {}


def require_more(little: Counted, much: Counted) -> None:
    """Else an equal count would prove nothing."""
    assert {table for table, rows in little.rows.items() if not rows} == UNUSED
    grown = {table for table, rows in little.rows.items() if much.rows[table] >= 2 * rows}
    assert set(little.rows) - ONE_EACH - grown == set()
    assert {table for table in ONE_EACH if much.rows[table] != 1} == set()


def test_no_page_asks_more_than_the_benchmark_allows() -> None:
    assert {title: number for title, number in PINS.items() if number > MOST} == {}
