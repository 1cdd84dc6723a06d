"""Every address × every role × own, foreign and absent objects, generated from the resolver and ``rows*.py``.

Refused means: the answer that was listed, and not one byte of the database is another. Allowed means: exactly the
tables that were listed, and in them rows of the own tenant alone. No answer to somebody of the first business holds the
mark that stands in every text of the second one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from django.contrib import admin

from platform_admin.sight.verbs import VERBS
from tests.platform_admin.isolation.asking import PER_TENANT, ask, parameters, plain
from tests.platform_admin.isolation.database import Dump, undone
from tests.platform_admin.isolation.marks import CANARY, mark_every_text
from tests.platform_admin.isolation.objects import Objects, nowhere
from tests.platform_admin.isolation.routes import Route, every_route, routes_of, rows_for
from tests.platform_admin.isolation.row import MEMBERS, Row, Who
from tests.platform_admin.isolation.rows import ROWS
from tests.platform_admin.isolation.rows_admin import READ_ONLY, WRITABLE
from tests.platform_admin.isolation.staging import session_of, staged
from tests.platform_admin.isolation.table_rows import rows_of, tenant_models
from tests.platform_admin.isolation.world import World

pytestmark = [
    pytest.mark.django_db,
    # django-unfold overrides a method whose signature Django 6.1 widened; theirs to change.
    pytest.mark.filterwarnings("ignore:Overriding get_action_choices"),
]

HOW_TO = """
{count} address(es) have no row in the isolation matrix:
{names}
Add one line each to a rows*.py of tests/platform_admin/isolation: who may (least=), what a smaller role gets
(refuses=), and, for a POST, what it sends (sends=) and which tables it writes (changes=). row.py says what each word
means.
"""

WITHOUT_TEXTS = ["authoring.SharedDraft", "releases.StagedRelease", "tenants.Membership"]
"""Tables of tenants without any text to mark: keys, choices, figures and times."""

CASES = [(route, row) for row in ROWS for route in routes_of(row)]


def titled(case: object) -> str:
    return case.title if isinstance(case, Row) else case.name if isinstance(case, Route) else str(case)


def test_every_address_has_a_row() -> None:
    missing = [f"  {route.name}   ({route.pattern})" for route in every_route() if not rows_for(route)]
    assert missing == [], HOW_TO.format(count=len(missing), names="\n".join(missing))


def test_every_row_has_an_address() -> None:
    """A row whose address is gone would say something about nothing."""
    assert [row.title for row in ROWS if "*" not in row.route and not routes_of(row)] == []


def test_every_model_of_the_admin_is_one_that_forms_change_or_one_that_none_does() -> None:
    registered = [f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry]
    assert sorted(registered) == sorted((*READ_ONLY, *WRITABLE))


def test_every_button_has_a_row() -> None:
    rows = {row.with_.get("verb") for row in ROWS if row.route == "sight:do"}
    assert rows == set(VERBS), "rows_sight.py names one row for each verb of sight/verbs.py"


def test_every_action_of_the_admin_has_a_row() -> None:
    rows = {(row.route, row.with_.get("action")) for row in ROWS}
    offered = {
        (f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist", str(action))
        for model, page in admin.site._registry.items()
        for action in page.actions or ()
    }
    assert offered - rows == set()


def test_the_mark_stands_in_every_text_of_the_other_business(world: World, before: Dump) -> None:
    """Else its absence would prove nothing."""
    with undone(before):
        assert mark_every_text(world.foreign.tenant) == 1  # the name again; nothing else was left
    bare = sorted(
        model._meta.label
        for model in tenant_models()
        if not any(CANARY in str(row.__dict__) for row in rows_of(model, world.foreign.tenant))
    )
    assert bare == WITHOUT_TEXTS


@pytest.mark.parametrize(("route", "row"), CASES, ids=titled)
def test_own_objects(world: World, before: Dump, route: Route, row: Row) -> None:
    for who in row.asked_by:
        client = world.clients[who]
        with staged(world, before, row, who) as (start, known), undone(start, session_of(client)) as done:
            answer = ask(client, row, route, parameters(route, row, world.own, known=known), world.own, known)
        where = f"{row.title} as {who}: {answer.status} {answer.location} {answer.body[:300]!r}"
        if row.admits(who):
            assert answer.status == row.answers, where
            assert done.tables == set(row.changes), f"{where} wrote {sorted(done.tables)}"
            assert {str(owner) for owner in done.owners} <= _own(world, known), where
            if row.least is not Who.OPERATOR:
                assert done.people & _other_people(world, before, who) == set(), where
        else:
            assert answer.status in _refusals(row, who), where
            assert done.tables <= _by_the_way(who), f"{where} wrote {sorted(done.tables)}"
        if who is not Who.OPERATOR and row.least is not Who.ANONYMOUS:
            assert CANARY not in answer.everything, where


@pytest.mark.parametrize(("route", "row"), [case for case in CASES if case[0].parameters], ids=titled)
def test_foreign_objects_are_like_none(world: World, before: Dump, route: Route, row: Row) -> None:
    """The same status, the same place to go, the same body as for what does not exist; and nothing has changed."""
    absent = nowhere(world.own)
    nothing = parameters(route, row, absent, absent=True)
    for kind, values, objects in _foreign(world, route, row):
        missing_values = nothing if kind == "all of it" else {**values, kind: nothing[kind]}
        for who in (Who.ANONYMOUS, *MEMBERS, Who.RUNTIME):
            client = world.clients[who]
            with undone(before, session_of(client)) as done:
                answer = ask(client, row, route, values, objects)
                missing = ask(client, row, route, missing_values, absent)
            where = f"{row.title} as {who}, foreign {kind}: {answer.status} {answer.location} {answer.body[:300]!r}"
            assert done.tables <= _by_the_way(who), f"{where} wrote {sorted(done.tables)}"
            assert plain(answer, values) == plain(missing, missing_values), f"{where}, absent: {missing}"
            assert CANARY not in answer.everything.replace(_shown(values), ""), where
            if who in MEMBERS and "slug" in route.parameters and row.least is not Who.RUNTIME:
                # Who may not do it to an object of her own learns nothing from being told so of every other.
                assert answer.status == 404 or (kind != "all of it" and answer.status in {302, 403}), where


def _foreign(world: World, route: Route, row: Row) -> Iterator[tuple[str, dict[str, str], Objects]]:
    """What is foreign, the parameters of the address, and the tenant whose keys are sent along."""
    theirs = parameters(route, row, world.foreign)
    own = parameters(route, row, world.own)
    yield "all of it", theirs, world.foreign
    for name in route.parameters:
        if name not in {"slug", *PER_TENANT, *row.with_} and "slug" in route.parameters and theirs[name] != own[name]:
            yield name, {**own, name: theirs[name]}, world.foreign


def _shown(values: dict[str, str]) -> str:
    return next((value for value in values.values() if CANARY in value), "\0")


def _own(world: World, known: Mapping[str, str]) -> set[str]:
    """Whose rows may be written: the tenant's, nobody's, and those of one that the scene made."""
    return {str(world.own.tenant.pk), "None", known.get("tenant", "None")}


def _other_people(world: World, before: Dump, who: Who) -> set[object]:
    """The keys of everybody in the world but who asks."""
    return {key for key in before["tenants.user"] if who not in world.people or key != world.people[who].pk}


def _refusals(row: Row, who: Who) -> set[int]:
    if row.least is Who.RUNTIME:
        return {401}
    return {302, 401} if who in {Who.ANONYMOUS, Who.RUNTIME} else {row.refuses}


def _by_the_way(who: Who) -> set[str]:
    """When a token was used last is noted at every knock, and that somebody tried a link that is none."""
    return {"tenants.runtimetoken", "people.attempts"} if who is Who.RUNTIME else {"people.attempts"}
