"""Who must have a second factor: operators, and the people of a business that asks it of everybody."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from platform_admin.people.actions.second_factor import key_to_set_up, require_for_tenant
from platform_admin.tenants.actions import issue_runtime_token
from platform_admin.tenants.models import Role, Tenant, User
from tests.platform_admin.business import COMMAND
from tests.platform_admin.people.mailroom import PASSWORD, deliver
from tests.platform_admin.people.second_step import SET_UP, code, is_in, password_given, with_app

pytestmark = [
    pytest.mark.django_db,
    # django-unfold overrides a method whose signature Django 6.1 widened; theirs to change.
    pytest.mark.filterwarnings("ignore:Overriding get_action_choices"),
]


@pytest.fixture
def required(settings: Settings) -> None:
    settings.SKIP_SECOND_FACTOR = False


ELSEWHERE = ["/admin/", "/admin/tenants/tenant/", "/admin/sight/luna/", "/admin/authoring/luna/", "/account/password/"]


@pytest.mark.parametrize("address", ELSEWHERE)
def test_an_operator_without_one_reaches_nothing_but_the_way_to_it(
    address: str, required: None, as_operator: Client, luna: Tenant
) -> None:
    assert as_operator.get(address)["Location"] == SET_UP
    assert as_operator.post(address)["Location"] == SET_UP
    assert as_operator.get(address, headers={"Sec-Fetch-Dest": "empty"}).status_code == 403


def test_an_operator_sets_it_up_and_goes_on(required: None, as_operator: Client, operator: User) -> None:
    assert "needs it before you go on" in as_operator.get(SET_UP).content.decode()
    as_operator.post(SET_UP, {"code": code(key_to_set_up(user=operator))})
    assert as_operator.get("/admin/").status_code == 200


def test_an_operator_may_leave_and_change_the_language_without_one(required: None, as_operator: Client) -> None:
    assert as_operator.post("/language/setlang/", {"language": "es", "next": SET_UP})["Location"] == SET_UP
    assert as_operator.get("/health").status_code == 200
    assert as_operator.post("/sign-out/")["Location"] == "/sign-in/"


def test_an_operator_who_turns_it_off_is_led_to_it_again(required: None, operator: User) -> None:
    key, _ = with_app(operator)
    client = password_given(operator.email)
    client.post("/sign-in/code/", {"code": code(key)})
    assert client.get("/admin/").status_code == 200
    client.post("/account/second-step/remove/", {"present": PASSWORD})
    assert client.get("/admin/")["Location"] == SET_UP


def test_programs_and_commands_are_not_asked(required: None, luna: Tenant, client: Client) -> None:
    token = issue_runtime_token(tenant=luna, by=COMMAND).clear
    answer = client.get("/api/runtime/v1/tenants/luna/keys", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    call_command("tenants", "--json")


def test_production_is_warned_when_it_is_skipped(settings: Settings) -> None:
    def told() -> bool:
        return "people.W001" in {message.id for message in run_checks(include_deployment_checks=True)}

    settings.SKIP_SECOND_FACTOR = True
    assert told()
    settings.SKIP_SECOND_FACTOR = False
    assert not told()


def test_a_business_may_ask_it_of_its_people(luna: Tenant, people: dict[str, User]) -> None:
    with_app(people["owner"])
    signed = {role: Client() for role in ("viewer", "stranger")}
    for role, client in signed.items():
        client.post("/sign-in/", {"username": f"{role}@example.com", "password": PASSWORD})
    require_for_tenant(tenant=luna, required=True, by=people["owner"])
    assert not is_in(signed["viewer"])
    assert is_in(signed["stranger"])
    again = Client()
    again.post("/sign-in/", {"username": "viewer@example.com", "password": PASSWORD})
    assert again.get("/admin/authoring/luna/")["Location"] == SET_UP
    again.post(SET_UP, {"code": code(key_to_set_up(user=people["viewer"]))})
    assert again.get("/admin/authoring/luna/").status_code == 200


def test_who_joins_such_a_business_is_asked_on_the_next_page(luna: Tenant, people: dict[str, User]) -> None:
    from platform_admin.people.actions.invitations import invite  # noqa: PLC0415 - for this case alone
    from tests.platform_admin.people.mailroom import path_of  # noqa: PLC0415 - as above

    client = Client()
    client.post("/sign-in/", {"username": "stranger@example.com", "password": PASSWORD})
    assert is_in(client)
    Tenant.objects.filter(pk=luna.pk).update(second_factor_required=True)
    now = timezone.now()
    invite(tenant=luna, email="stranger@example.com", role=Role.VIEWER, by=people["owner"], now=now)
    client.get(path_of(deliver()[-1]))
    assert client.post("/invitation/").status_code == 302
    assert client.get("/admin/authoring/luna/")["Location"] == SET_UP
