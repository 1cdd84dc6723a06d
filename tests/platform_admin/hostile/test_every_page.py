"""Every page of the control plane with hostile markup in every text of a business: nothing but words comes of it.

The pages are those of the isolation matrix, so that a new one is here by its line there. The texts are every column
that holds one, whoever writes it: customers, staff, the runtime, the other side of a connector.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest
from django.db import transaction
from django.test import Client

from platform_admin.tenants.models import Membership, Role, User
from tests.platform_admin.business import provisioned
from tests.platform_admin.hostile.markup import Markup
from tests.platform_admin.isolation.asking import ask, parameters
from tests.platform_admin.isolation.marks import mark_every_text
from tests.platform_admin.isolation.objects import Objects, objects_of, with_keys
from tests.platform_admin.isolation.routes import Route, routes_of
from tests.platform_admin.isolation.row import Row, Who
from tests.platform_admin.isolation.rows import ROWS
from tests.platform_admin.isolation.table_rows import fill_empty_tables
from tests.platform_admin.isolation.world import connect_webhook
from tests.platform_admin.sight.seeded import seed

pytestmark = [
    pytest.mark.django_db,
    # django-unfold overrides a method whose signature Django 6.1 widened; theirs to change.
    pytest.mark.filterwarnings("ignore:Overriding get_action_choices"),
]

HOSTILE: Final = "\"'></title></textarea></script><q onfocus=x>--><!--"
"""Leaves an attribute in either quotation mark, a title, a field, data for a script; opens an element and a comment."""

HARMLESS: Final = "".join(letter if letter.isalnum() else "x" for letter in HOSTILE)

PAGES: Final = [
    (route, row)
    for row in ROWS
    if row.method == "GET" and row.answers == 200 and row.least not in {Who.RUNTIME, Who.ANONYMOUS}
    if row.given is None  # what a scene is set for shows what its person or her calendar just said, and no column
    for route in routes_of(row)
]

FOR_PROGRAMS: Final = frozenset(
    {
        "credentials.credential.field",
        "flows.flow.name",
        "flows.flowcase.name",
        "flows.flowcase.text",
        "flows.flowdraft.text",
        "observability.dailycount.labels",
        "observability.hourlycount.labels",
        "tenants.runtimetoken.scopes",
    }
)
"""Columns with a form of their own, in which a mark behind the end would be a fault. Most have it within."""

SHOWN: Final = 60
"""Pages at least on which some of the texts stand."""


def test_no_page_takes_any_text_for_markup() -> None:
    before, now = read_every_page(HARMLESS), read_every_page(HOSTILE)
    assert before.keys() == now.keys()
    assert {
        name: sorted(now[name].shapes.keys() - before[name].shapes.keys())
        for name in now
        if now[name].shapes.keys() - before[name].shapes.keys()
    } == {}
    assert sum(HARMLESS in page.squeezed_words for page in before.values()) >= SHOWN
    assert sum(HOSTILE.replace(" ", "") in page.squeezed_words for page in now.values()) >= SHOWN


def read_every_page(mark: str) -> dict[str, Markup]:
    with transaction.atomic():
        client, objects = business_of(mark)
        found = dict(pages(client, objects))
        transaction.set_rollback(True)
    return found


def business_of(mark: str) -> tuple[Client, Objects]:
    """The operator before a business whose every text has the mark."""
    tenant = provisioned("luna", name="Peluquería Luna").tenant
    connect_webhook(tenant)
    seed(tenant, mark=mark)
    objects = objects_of(tenant, mark=mark)
    member = User.objects.create_user("ana@example.com", "a long enough password", name=mark)
    Membership.objects.create(tenant=tenant, user=member, role=Role.OWNER)
    fill_empty_tables(tenant)
    objects = with_keys(objects)
    mark_every_text(tenant, mark, but=FOR_PROGRAMS)
    tenant.refresh_from_db()
    client = Client()
    client.force_login(User.objects.create_superuser("operator@example.com", "a long enough password", name=mark))
    return client, objects


def pages(client: Client, objects: Objects) -> Iterator[tuple[str, Markup]]:
    for route, row in PAGES:
        answer = ask(client, row, route, parameters(route, row, objects), objects)
        assert answer.status == 200, title(route, row)
        if "text/html" in answer.everything.partition("\n")[0]:
            yield title(route, row), Markup(answer.body.decode())


def title(route: Route, row: Row) -> str:
    return f"{route.name} {dict(row.with_)}"
