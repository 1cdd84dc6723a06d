"""A WhatsApp number is kept for whose access token reads it at Meta, and for nobody else; whose it is stays untold."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from platform_admin.credentials.models import Credential, UseOfCredential
from platform_admin.credentials.purpose import Purpose
from platform_admin.credentials.queries import secret_in_clear
from platform_admin.errors import NotAllowedError
from platform_admin.releases.models import TenantSettings
from platform_admin.tenants.models import AuditEntry, Membership, Role, Tenant, User
from platform_admin.whatsapp.connecting import connect_number
from platform_admin.whatsapp.numbers import numbers_of
from tests.platform_admin.business import COMMAND
from tests.platform_admin.whatsapp.conftest import NUMBER, TOKEN, WABA, Meta

pytestmark = [
    pytest.mark.django_db,
    # django-unfold overrides a method whose signature Django 6.1 widened; theirs to change.
    pytest.mark.filterwarnings("ignore:Overriding get_action_choices"),
]

NOBODYS = "5550009999"
"""A number that no business here has."""
ENTERED = {"phone_number_id": NUMBER, "waba_id": WABA, "access_token": TOKEN, "app_secret": "abc123"}
FAULT = re.compile(r'class="errorlist[^>]*>(.*?)</ul>', re.DOTALL)


@pytest.fixture
def as_sol(sol: Tenant) -> Client:
    """The owner of another business."""
    owner = User.objects.create_user("owner@sol.example.com", "a long enough password")
    Membership.objects.create(tenant=sol, user=owner, role=Role.OWNER)
    client = Client()
    client.force_login(owner)
    return client


def everything_of(tenant: Tenant) -> tuple[Any, ...]:
    rows = [model.objects.for_tenant(tenant).order_by("pk").values_list() for model in (TenantSettings, Credential)]
    return (*map(list, rows), AuditEntry.objects.filter(tenant=tenant).count())


def refusal(client: Client, address: str, entered: dict[str, str], language: str = "en") -> str:
    """What the page says of it, which it is shown with."""
    answer = client.post(address, entered, headers={"Accept-Language": language})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert entered["access_token"] not in page or not entered["access_token"]
    (said,) = FAULT.findall(page)
    return re.sub(r"<[^>]*>", "", said).strip()


def hidden(meta: Meta) -> None:
    """Meta shows the number to somebody else's token only."""
    meta.account.numbers.clear()


def of_no_number(meta: Meta) -> None:
    """The id is one of something else, which the token reads."""
    del meta.account.numbers[NUMBER]["display_phone_number"]


def failing(status: int, code: int) -> Callable[[Meta], None]:
    def fails(meta: Meta) -> None:
        meta.account.failures[NUMBER] = (status, code, "what Meta says of it")

    return fails


REFUSED: dict[str, tuple[Callable[[Meta], None], dict[str, str], str, str]] = {
    "a token of somebody else": (hidden, {}, "Meta does not show this number", "Meta no muestra este número"),
    "an id of no number": (of_no_number, {}, "Meta does not show this number", "Meta no muestra este número"),
    "a token that is none": (
        lambda _meta: None, {"access_token": "EAA-made-up"}, "Meta does not take this access token",
        "Meta no acepta este token",
    ),
    "a token with a line break": (
        lambda _meta: None, {"access_token": "EAA\nbroken"}, "holds what no token has", "lo que ningún token tiene",
    ),
    "a token that was cut off with an ellipsis": (
        lambda _meta: None, {"access_token": "EAA\u2026"}, "holds what no token has", "lo que ningún token tiene",
    ),
    "an account that has no such number": (
        lambda meta: meta.account.further_ids.clear(), {"waba_id": "1111111111"}, "WhatsApp account with this ID",
        "cuenta de WhatsApp con este identificador",
    ),
    "Meta is down when it comes to the account": (
        lambda meta: meta.account.failures.update({f"{WABA}/phone_numbers": (503, 2, "later")}), {},
        "Meta could not be asked", "No se ha podido preguntar a Meta",
    ),
    "Meta is down": (failing(503, 2), {}, "Meta could not be asked", "No se ha podido preguntar a Meta"),
    "too many calls": (failing(400, 80007), {}, "Meta could not be asked", "No se ha podido preguntar a Meta"),
}  # fmt: skip


@pytest.mark.parametrize(("given", "change", "english", "spanish"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_proven_is_refused_with_what_to_do_and_nothing_is_stored(
    as_sol: Client, sol: Tenant, meta: Meta, given: Callable[[Meta], None], change: dict[str, str], english: str,
    spanish: str,
) -> None:  # fmt: skip
    given(meta)
    before = everything_of(sol)
    said = refusal(as_sol, "/admin/connect/sol/whatsapp/", {**ENTERED, **change})
    assert english in said
    assert "Nothing was stored." in said
    in_spanish = refusal(as_sol, "/admin/connect/sol/whatsapp/", {**ENTERED, **change}, "es")
    assert spanish in in_spanish
    assert "No se ha guardado nada." in in_spanish
    assert everything_of(sol) == before


def test_the_answer_is_the_same_whether_another_business_has_the_number_or_nobody(
    as_sol: Client, sol: Tenant, connected: Tenant, meta: Meta
) -> None:
    """Luna has ``NUMBER``; Sol's token is a good one that reads neither."""
    hidden(meta)
    address = "/admin/connect/sol/whatsapp/"
    taken, free = (as_sol.post(address, {**ENTERED, "phone_number_id": number}) for number in (NUMBER, NOBODYS))
    assert (taken.status_code, free.status_code) == (200, 200)
    assert steady(taken.content, NUMBER) == steady(free.content, NOBODYS)
    assert meta.account.calls == [("GET", NUMBER), ("GET", NOBODYS)]
    assert numbers_of(sol) == []
    assert not Credential.objects.for_tenant(sol).exists()


def steady(page: bytes, number: str) -> str:
    """Without what is new in every answer, and without what was typed."""
    text = re.sub(r'(nonce|value)="[A-Za-z0-9_+/=-]{20,}"', "", page.decode())
    return text.replace(number, "the number")


def test_a_number_that_is_here_already_keeps_its_place_without_being_asked_about(
    connected: Tenant, people: dict[str, User], meta: Meta
) -> None:
    client = Client()
    client.force_login(people["owner"])
    kept = client.post(f"/admin/connect/luna/whatsapp/{NUMBER}/", {**ENTERED, "access_token": ""})
    assert kept["Location"].endswith("?check")
    assert meta.account.calls == []
    assert [number.waba_id for number in numbers_of(connected)] == [WABA]


def test_what_meta_tells_of_an_account_is_not_had_by_entering_its_id(
    connected: Tenant, people: dict[str, User], meta: Meta
) -> None:
    client = Client()
    client.force_login(people["owner"])
    before = everything_of(connected)
    other = {**ENTERED, "access_token": "", "waba_id": "1111111111"}
    said = refusal(client, f"/admin/connect/luna/whatsapp/{NUMBER}/", other)
    assert "WhatsApp account with this ID" in said
    assert meta.account.calls == [("GET", NUMBER), ("GET", "1111111111/phone_numbers")]
    assert everything_of(connected) == before


def test_that_a_stored_token_was_opened_stays_noted_when_meta_says_no(
    connected: Tenant, people: dict[str, User], meta: Meta
) -> None:
    client = Client()
    client.force_login(people["owner"])
    refusal(client, f"/admin/connect/luna/whatsapp/{NUMBER}/", {**ENTERED, "access_token": "", "waba_id": "1111111111"})
    noted = UseOfCredential.objects.for_tenant(connected).values_list("field", "purpose")
    assert list(noted) == [("channels.1.access_token", Purpose.PROOF.value)]


def test_another_number_or_another_token_in_its_place_is_proven_first(
    connected: Tenant, people: dict[str, User], meta: Meta
) -> None:
    client = Client()
    client.force_login(people["owner"])
    before, page = everything_of(connected), f"/admin/connect/luna/whatsapp/{NUMBER}/"
    other = {**ENTERED, "access_token": "", "phone_number_id": NOBODYS}
    assert "Meta does not show this number" in refusal(client, page, other)
    assert "does not take this access token" in refusal(client, page, {**ENTERED, "access_token": "EAA-made-up"})
    assert meta.account.calls == [("GET", NOBODYS), ("GET", NUMBER)]
    assert everything_of(connected) == before
    assert secret_in_clear(connected, "channels.1.access_token") == TOKEN


def test_without_any_token_nothing_is_asked_and_nothing_kept(luna: Tenant, people: dict[str, User], meta: Meta) -> None:
    before = everything_of(luna)
    with pytest.raises(NotAllowedError, match="Enter the access token as well"):
        connect_number(tenant=luna, phone_number_id=NUMBER, waba_id=WABA, secrets={}, by=people["owner"])
    assert meta.account.calls == []
    assert everything_of(luna) == before


def test_who_has_the_machine_answers_for_the_number(luna: Tenant, meta: Meta) -> None:
    hidden(meta)
    connect_number(tenant=luna, phone_number_id=NUMBER, waba_id=WABA, secrets={}, by=COMMAND)
    assert [number.phone_number_id for number in numbers_of(luna)] == [NUMBER]
    assert meta.account.calls == []
