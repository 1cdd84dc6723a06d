"""What the benchmark opens is every page there is: a new one is measured, or excepted with its reason."""

from __future__ import annotations

import re

import pytest
from django.contrib import admin
from django.test import Client

from bench.control_plane.addresses import pages, refused
from bench.control_plane.business import fill
from bench.control_plane.excepted import EXCEPTED, PRESSED, reason_for
from bench.control_plane.routes import Route, every_route
from platform_admin.tenants.models import Tenant, User

pytestmark = [
    pytest.mark.django_db,
    # django-unfold overrides a method whose signature Django 6.1 widened; theirs to change.
    pytest.mark.filterwarnings("ignore:Overriding get_action_choices"),
]

ONCE_MISSED = (
    "authoring:copy",
    "authoring:version faq",
    "authoring:version conversation against=1",
    "authoring:releases old=1&new=2",
    "connect:connection",
    "connect:whatsapp",
    "connect:whatsapp_number",
    "people:second_factor_set_up",
    "admin:credentials_credential_change",
    "admin:credentials_credential_history",
    "try-draft",
)
"""Pages that a list written by hand had forgotten."""


@pytest.fixture
def filled(luna: Tenant, operator: User) -> Tenant:
    fill(luna, range(1), by=operator)
    return luna


def test_every_address_is_a_page_or_excepted(filled: Tenant, operator: User) -> None:
    measured = {page.title.partition(" ")[0] for page in pages(filled, operator)}
    offered_to_nobody = {route.name for route in refused(operator)}
    left = {route.name for route in every_route() if reason_for(route) is None} - measured - offered_to_nobody
    assert left == set(), "no page of the benchmark, and bench/control_plane/excepted.py gives no reason"


def test_every_page_opens_and_has_its_own_address(filled: Tenant, operator: User, as_operator: Client) -> None:
    found = list(pages(filled, operator))
    assert {page.title: status for page in found if (status := as_operator.get(page.address).status_code) != 200} == {}
    assert len({page.title for page in found}) == len({page.address for page in found}) == len(found)
    assert [title for title in ONCE_MISSED if title not in {page.title for page in found}] == []


def test_every_model_of_the_admin_has_its_list_its_form_and_its_past(filled: Tenant, operator: User) -> None:
    titles = {page.title for page in pages(filled, operator)}
    labels = [f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry]
    wanted = {f"admin:{label}_{page}" for label in labels for page in ("changelist", "change", "history")}
    assert wanted - titles == set()


def test_a_page_with_an_argument_that_nobody_knows_is_not_passed_over(filled: Tenant, operator: User) -> None:
    new = Route("sight:drawer", "admin/sight/<str:slug>/<str:drawer>/", ("slug", "drawer"))
    with pytest.raises(LookupError, match=r"sight:drawer has the parameter <drawer>.*excepted\.py"):
        list(pages(filled, operator, [new]))


def test_every_exception_is_about_an_address_that_is_there() -> None:
    names = [name for names in EXCEPTED.values() for name in names]
    assert len(names) == len(set(names))
    known = {name: [route for route in every_route() if reason_for(route) and _is(route, name)] for name in names}
    assert [name for name, routes in known.items() if not routes] == []


def _is(route: Route, name: str) -> bool:
    start, star, end = name.partition("*")
    return route.name == name or bool(star and route.name.startswith(start) and route.name.endswith(end))


@pytest.mark.parametrize("name", EXCEPTED[PRESSED])
def test_what_is_excepted_as_a_button_shows_nothing(filled: Tenant, as_operator: Client, name: str) -> None:
    route = next(route for route in every_route() if route.name == name)
    values = dict.fromkeys(route.parameters, "1") | {"slug": filled.slug}
    assert as_operator.get(_address(route, values)).status_code == 405


def _address(route: Route, values: dict[str, str]) -> str:
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda part: values[part[1]], route.pattern)


def test_a_form_that_is_offered_to_nobody_is_refused(filled: Tenant, operator: User, as_operator: Client) -> None:
    found = list(refused(operator))
    assert len(found) > 20
    for route in found:
        address = _address(route, dict.fromkeys(route.parameters, "1"))
        assert as_operator.get(address).status_code == 403, route.name
