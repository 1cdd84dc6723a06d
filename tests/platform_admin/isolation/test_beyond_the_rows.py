"""What no row says: methods that an address does not have, ways in that have ended, a business that is suspended."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from platform_admin.tenants.actions import issue_runtime_token, revoke_runtime_token
from platform_admin.tenants.models import Membership, RuntimeToken, Tenant, User
from tests.platform_admin.business import COMMAND
from tests.platform_admin.isolation.asking import address_of, ask, parameters, plain
from tests.platform_admin.isolation.database import Dump, dump, undone
from tests.platform_admin.isolation.marks import CANARY
from tests.platform_admin.isolation.objects import nowhere
from tests.platform_admin.isolation.routes import Route, every_route, routes_of, rows_for
from tests.platform_admin.isolation.row import MEMBERS, Row, Who
from tests.platform_admin.isolation.rows import ROWS
from tests.platform_admin.isolation.staging import session_of
from tests.platform_admin.isolation.world import World

pytestmark = [
    pytest.mark.django_db,
    # django-unfold overrides a method whose signature Django 6.1 widened; theirs to change.
    pytest.mark.filterwarnings("ignore:Overriding get_action_choices"),
]

CASES: Final = [(route, row) for row in ROWS for route in routes_of(row)]
OF_RUNTIMES: Final = [case for case in CASES if case[1].least is Who.RUNTIME and case[1].given is None]
OF_MEMBERS: Final = [
    (route, row)
    for route, row in CASES
    if "slug" in route.parameters and row.least in MEMBERS and row.given is None
]  # fmt: skip
LOOKING: Final = [case for case in OF_MEMBERS if case[1].method == "GET"]

METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
REFUSED: Final = frozenset({403, 404, 405})
KNOCKING: Final = frozenset({"people.attempts"})
"""That somebody tried a link that is none is noted."""


def titled(case: object) -> str:
    return case.title if isinstance(case, Row) else case.name if isinstance(case, Route) else str(case)


UNLISTED: Final = [
    (route, method)
    for route in every_route()
    for method in METHODS
    if method not in {row.method for row in rows_for(route)}
]


@pytest.mark.parametrize(("route", "method"), UNLISTED, ids=titled)
def test_a_method_without_a_row_is_refused_and_changes_nothing(
    world: World, before: Dump, route: Route, method: str
) -> None:
    row = rows_for(route)[0]
    runtimes = row.least is Who.RUNTIME
    for who in (Who.RUNTIME,) if runtimes else (Who.OWNER, Who.OPERATOR):
        client = world.clients[who]
        address = address_of(route, parameters(route, row, world.own))
        with undone(before, session_of(client)) as done:
            answer = client.generic(method, address, b"", content_type="application/octet-stream")
        where = f"{method} {route.name} as {who}: {answer.status_code}"
        assert answer.status_code in REFUSED | _of_django(route, method), where
        assert done.tables <= KNOCKING | ({"tenants.runtimetoken"} if runtimes else set()), where


def _of_django(route: Route, method: str) -> frozenset[int]:
    """Its own pages take a POST without a form for a GET; a change of the language leads back and changes nothing."""
    if method == "POST" and route.name.startswith(("admin:", "admin/")):
        return frozenset({200, 302})
    return frozenset({302}) if (method, route.name) == ("GET", "set_language") else frozenset()


ENDED: Final[dict[str, Callable[[RuntimeToken], object]]] = {
    "expired": lambda row: RuntimeToken.objects.for_tenant(row.tenant).update(expires_at=timezone.now()),
    "revoked": lambda row: revoke_runtime_token(token=row, by=COMMAND),
}  # fmt: skip


@pytest.mark.parametrize("how", ENDED)
@pytest.mark.parametrize(("route", "row"), OF_RUNTIMES, ids=titled)
def test_a_token_that_has_ended_opens_nothing_and_is_told_why(world: World, how: str, route: Route, row: Row) -> None:
    with changed(lambda: None):
        issued = issue_runtime_token(tenant=world.own.tenant, by=COMMAND)
        ENDED[how](issued.row)
        client = Client(headers={"Authorization": f"Bearer {issued.clear}"})
        with undone(dump()) as done:
            answer = ask(client, row, route, parameters(route, row, world.own), world.own)
    assert (answer.status, json.loads(answer.body)) == (401, {"error": f"{how}_token", "reason": how})
    assert "WWW-Authenticate" in answer.everything
    assert done.tables == frozenset()


@pytest.mark.parametrize(("route", "row"), OF_MEMBERS, ids=titled)
def test_who_is_no_longer_a_member_is_a_stranger(world: World, route: Route, row: Row) -> None:
    """Signed in as before, and her session goes on: what was hers is as if it had never been."""
    absent = nowhere(world.own)
    values, nothing = parameters(route, row, world.own), parameters(route, row, absent, absent=True)
    owner, client = world.people[Who.OWNER], world.clients[Who.OWNER]
    gone = Membership.objects.filter(user=owner)
    with changed(gone.delete), undone(dump(), session_of(client)) as done:
        answer = ask(client, row, route, values, world.own)
        missing = ask(client, row, route, nothing, absent)
    assert answer.status == 404
    assert plain(answer, values) == plain(missing, nothing)
    assert done.tables <= KNOCKING


@pytest.mark.parametrize(("route", "row"), OF_MEMBERS, ids=titled)
def test_who_may_no_longer_sign_in_is_nobody(world: World, route: Route, row: Row) -> None:
    """Her session was not ended, and opens nothing more."""
    values = parameters(route, row, world.own)
    owner, client = world.people[Who.OWNER], world.clients[Who.OWNER]
    locked = User.objects.filter(pk=owner.pk)
    with changed(lambda: locked.update(is_active=False)), undone(dump(), session_of(client)) as done:
        answer = ask(client, row, route, values, world.own)
        nobody = ask(world.clients[Who.ANONYMOUS], row, route, values, world.own)
    assert answer.status in {302, 401}
    assert plain(answer, values) == plain(nobody, values)
    assert done.tables <= KNOCKING


@pytest.mark.parametrize(("route", "row"), [*LOOKING, *OF_RUNTIMES], ids=titled)
def test_a_suspended_business_is_open_to_its_own_people_and_runtime_alone(world: World, route: Route, row: Row) -> None:
    """Suspending silences the bot. What is there can be looked at and mended; the runtime is told that it is so."""
    own = world.own.tenant
    with changed(lambda: Tenant.objects.filter(pk=own.pk).update(status=Tenant.Status.SUSPENDED)):
        for who in (Who.RUNTIME,) if row.least is Who.RUNTIME else (Who.VIEWER, Who.OWNER):
            client = world.clients[who]
            with undone(dump(), session_of(client)) as done:
                answer = ask(client, row, route, parameters(route, row, world.own), world.own)
                theirs = ask(client, row, route, parameters(route, row, world.foreign), world.foreign)
            where = f"{row.title} as {who}: {answer.status} {answer.body[:200]!r}"
            assert answer.status == (row.answers if row.admits(who) else row.refuses), where
            assert theirs.status == 404, where
            assert CANARY not in answer.everything, where
            assert done.tables <= set(row.changes) | KNOCKING, where
            if route.name == "runtime-report":
                assert json.loads(answer.body)["suspended"] is True


@contextmanager
def changed(change: Callable[[], object]) -> Iterator[None]:
    """Something is another way inside of the block, and as it was afterwards."""
    with transaction.atomic():
        change()
        yield
        transaction.set_rollback(True)
