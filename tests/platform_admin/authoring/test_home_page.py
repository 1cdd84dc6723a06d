"""Where people land: their own business, what needs a look in it, and nobody else's."""

from __future__ import annotations

import pytest
from django.test import Client

from platform_admin.flows import actions as flows
from platform_admin.flows.queries import main_flow
from platform_admin.tenants.models import Membership, Role, Tenant, User
from tests.platform_admin.business import BROKEN_FLOW, COMMAND, FLOW
from tests.platform_admin.sight.seeded import seed

pytestmark = pytest.mark.django_db

LANDING = "/admin/authoring/"
HOME = "/admin/authoring/luna/"


def member(user: User) -> Client:
    """Signed in, and not let into the admin."""
    assert not user.is_staff
    client = Client()
    client.force_login(user)
    return client


def lines(client: Client) -> list[str]:
    return [line.words for line in client.get(HOME).context["attention"]]


@pytest.mark.parametrize("role", list(Role))
def test_a_member_lands_in_her_business_without_being_let_into_the_admin(role: Role, people: dict[str, User]) -> None:
    client = member(people[role.value])
    answer = client.get(LANDING, follow=True)
    assert answer.redirect_chain == [(HOME, 302)]
    assert answer.status_code == 200
    assert "/admin/authoring/luna/faq/" in answer.content.decode()
    assert "All businesses" not in answer.content.decode()


def test_an_operator_lands_in_the_overview(as_operator: Client) -> None:
    assert as_operator.get(LANDING)["Location"] == "/admin/"


def test_who_belongs_to_no_business_is_told_and_sees_none(people: dict[str, User]) -> None:
    client = member(people["stranger"])
    page = client.get(LANDING)
    assert page.status_code == 200
    assert "You have signed in, but you are not a member of a business." in page.content.decode()
    assert "Luna" not in page.content.decode()
    assert client.get(HOME).status_code == 404


def test_who_is_not_signed_in_is_asked_to(client: Client, luna: Tenant) -> None:
    for address in (LANDING, HOME):
        assert client.get(address)["Location"].startswith("/sign-in/?next=/admin/authoring/")


def test_with_two_businesses_one_lands_where_one_was_and_can_go_over(people: dict[str, User], sol: Tenant) -> None:
    Membership.objects.create(tenant=sol, user=people["editor"], role=Role.VIEWER)
    client = member(people["editor"])
    assert client.get(LANDING)["Location"] == HOME  # Peluquería comes before Taller
    page = client.get("/admin/authoring/sol/")
    assert [tenant.slug for tenant in page.context["tenants"]] == ["luna"]
    assert client.get(LANDING)["Location"] == "/admin/authoring/sol/"
    Membership.objects.filter(tenant=sol).delete()
    assert client.get(LANDING)["Location"] == HOME


def test_a_deleted_business_is_gone_for_its_people_too(luna: Tenant, people: dict[str, User]) -> None:
    luna.status = Tenant.Status.DELETED
    luna.save()
    assert member(people["owner"]).get(HOME).status_code == 404


def test_what_needs_a_look_is_said_in_words_the_worst_first(luna: Tenant, people: dict[str, User]) -> None:
    seed(luna)
    client = member(people["editor"])
    assert lines(client)[0] == "1 customer waits for a person."
    assert "One of your connections does not answer; customers are told so." in lines(client)
    assert "“¿Tenéis parking?” was asked 2 times and not answered." in lines(client)
    flow = main_flow(luna)
    assert flow is not None
    flows.save_draft(flow=flow, text=BROKEN_FLOW, by=COMMAND)
    assert "2 mistakes in the conversation keep it from being published." in lines(client)
    flows.save_draft(flow=flow, text=FLOW.replace("¿Qué desea?", "¿Qué le hacemos hoy? "), by=COMMAND)
    assert "1 change is written and not published." in lines(client)


def test_a_new_business_is_told_that_nothing_is_live(luna: Tenant, people: dict[str, User]) -> None:
    page = member(people["viewer"]).get(HOME).content.decode()
    assert "Nothing is live yet: customers get no answer." in page
    assert "No customer has written yet." in page


def test_signing_out_takes_a_press_and_ends_the_session(people: dict[str, User]) -> None:
    client = member(people["viewer"])
    assert client.get("/sign-out/").status_code == 405
    assert client.get(HOME).status_code == 200
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert client.get(HOME).status_code == 302
