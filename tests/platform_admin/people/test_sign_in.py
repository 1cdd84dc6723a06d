"""Signing in: who gets in, where they land, what a stranger learns, and how often something may be tried."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from platform_admin.people.doors import SIGN_IN_ACCOUNT, SIGN_IN_ADDRESS, SIGN_IN_HERE, WINDOW
from platform_admin.people.models import Attempts, PersonSession
from platform_admin.tenants.models import AuditEntry, Tenant, User
from tests.platform_admin.people.mailroom import PASSWORD

pytestmark = pytest.mark.django_db

LANDING = "/admin/authoring/"
WRONG = "not the password at all"


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str) -> tuple[int, str, str]:
    """Status, where to, and the page without what differs by request."""
    headers = {"X-Forwarded-For": more["forwarded"]} if "forwarded" in more else {}
    answer = client.post(
        f"/sign-in/?next={more.get('next', '')}",
        {"username": email, "password": password, "next": more.get("next", "")},
        REMOTE_ADDR=more.get("address", "203.0.113.9"),
        headers=headers,
    )
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode()).replace(email, "EMAIL")
    return answer.status_code, answer.get("Location", ""), page


def test_an_operator_lands_on_the_overview_in_any_case_of_letters(client: Client, operator: User) -> None:
    assert sign_in(client, "OPERATOR@example.com")[:2] == (302, LANDING)
    assert client.get(LANDING)["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_a_member_of_a_business_lands_there_and_not_in_the_admin(
    client: Client, luna: Tenant, people: dict[str, User]
) -> None:
    assert sign_in(client, "editor@example.com")[:2] == (302, LANDING)
    assert client.get(LANDING)["Location"] == "/admin/authoring/luna/"
    assert not people["editor"].is_staff
    assert client.get("/admin/tenants/tenant/").status_code == 302


def test_the_admins_own_ways_in_and_out_lead_to_ours(client: Client, operator: User) -> None:
    assert client.get("/admin/login/?next=/admin/x/")["Location"] == "/sign-in/?next=/admin/x/"
    client.force_login(operator)
    assert client.post("/admin/logout/")["Location"] == "/sign-in/"
    assert client.get("/admin/")["Location"] == "/admin/login/?next=/admin/"


NOT_SIGNED_IN = {
    "a wrong password": ("editor@example.com", WRONG),
    "an address nobody has": ("nobody@example.com", WRONG),
    "the right password of somebody who may not sign in": ("viewer@example.com", PASSWORD),
    "an account that has no password yet": ("publisher@example.com", WRONG),
}


def test_whatever_is_wrong_the_answer_is_the_same(people: dict[str, User]) -> None:
    User.objects.filter(email="viewer@example.com").update(is_active=False)
    people["publisher"].set_unusable_password()
    people["publisher"].save()
    answers = {name: sign_in(Client(), *case) for name, case in NOT_SIGNED_IN.items()}
    assert len(set(answers.values())) == 1
    assert answers["a wrong password"][0] == 200
    assert "do not belong together" in answers["a wrong password"][2]
    assert not PersonSession.objects.exists()


class CountingHasher(MD5PasswordHasher):
    """Counts instead of timing: each sign-in may cost one hash, no more and no less."""

    algorithm = "counting"
    hashed = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).hashed += 1
        return super().encode(password, salt)


@pytest.mark.parametrize(("email", "password"), NOT_SIGNED_IN.values(), ids=NOT_SIGNED_IN)
def test_whatever_is_wrong_it_costs_one_hash(
    email: str, password: str, people: dict[str, User], settings: Settings
) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    for person in people.values():
        person.set_password(PASSWORD)
        person.save()
    User.objects.filter(email="viewer@example.com").update(is_active=False)
    people["publisher"].set_unusable_password()
    people["publisher"].save()
    CountingHasher.hashed = 0
    assert sign_in(Client(), email, password)[0] == 200
    assert CountingHasher.hashed == 1


@pytest.mark.parametrize("email", ["editor@example.com", "nobody@example.com"])
def test_after_five_wrong_passwords_none_is_looked_at_until_time_has_passed(
    email: str, people: dict[str, User], client: Client, settings: Settings
) -> None:
    for _ in range(SIGN_IN_HERE.most):
        assert sign_in(client, email, WRONG)[0] == 200
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    CountingHasher.hashed = 0
    status, _, page = sign_in(client, email)
    assert (status, CountingHasher.hashed) == (429, 0)
    assert "Too many attempts. Try again in 15 minutes." in page
    assert not PersonSession.objects.exclude(user=None).exists()


def test_the_trail_hears_of_a_closed_door_once(people: dict[str, User], client: Client) -> None:
    for _ in range(SIGN_IN_HERE.most + 3):
        sign_in(client, "editor@example.com", WRONG)
    (entry,) = AuditEntry.objects.filter(verb="was refused: too many attempts")
    assert entry.actor_label == "somebody at 203.0.113.9"
    assert entry.details["door"] == "sign-in, here"
    assert WRONG not in str(entry.details)


def test_a_door_opens_again_by_time(people: dict[str, User], client: Client) -> None:
    for _ in range(SIGN_IN_HERE.most):
        sign_in(client, "editor@example.com", WRONG)
    Attempts.objects.update(closed_until=timezone.now() - timedelta(seconds=1))
    assert sign_in(client, "editor@example.com")[1] == LANDING
    assert not Attempts.objects.exclude(door=SIGN_IN_ADDRESS.name).exists()


def test_attempts_far_apart_are_not_counted_together(people: dict[str, User], client: Client) -> None:
    for _ in range(SIGN_IN_HERE.most - 1):
        sign_in(client, "editor@example.com", WRONG)
    Attempts.objects.update(since=timezone.now() - WINDOW - timedelta(seconds=1))
    for _ in range(SIGN_IN_HERE.most - 1):
        assert sign_in(client, "editor@example.com", WRONG)[0] == 200


def test_the_right_password_is_forgiven_what_was_mistyped(people: dict[str, User], client: Client) -> None:
    for _ in range(3):
        for _ in range(SIGN_IN_HERE.most - 1):
            sign_in(Client(), "editor@example.com", WRONG)
        assert sign_in(Client(), "editor@example.com")[0] == 302


def test_a_stranger_elsewhere_does_not_lock_her_out(people: dict[str, User]) -> None:
    for _ in range(SIGN_IN_HERE.most + 1):
        sign_in(Client(), "editor@example.com", WRONG, address="198.51.100.1")
    assert sign_in(Client(), "editor@example.com", address="203.0.113.9")[0] == 302


def test_many_strangers_together_close_the_account(people: dict[str, User]) -> None:
    for number in range(SIGN_IN_ACCOUNT.most):
        assert sign_in(Client(), "editor@example.com", WRONG, address=f"198.51.100.{number}")[0] == 200
    assert sign_in(Client(), "editor@example.com", address="203.0.113.9")[0] == 429


def test_one_address_that_tries_many_accounts_is_closed(people: dict[str, User]) -> None:
    for number in range(SIGN_IN_ADDRESS.most):
        assert sign_in(Client(), f"person{number}@example.com", WRONG)[0] == 200
    assert sign_in(Client(), "editor@example.com")[0] == 429
    assert sign_in(Client(), "editor@example.com", address="198.51.100.1")[0] == 302


def test_a_made_up_forwarding_header_opens_no_new_count(people: dict[str, User]) -> None:
    for number in range(SIGN_IN_HERE.most):
        sign_in(Client(), "editor@example.com", WRONG, forwarded=f"198.51.100.{number}")
    assert sign_in(Client(), "editor@example.com", forwarded="192.0.2.1")[0] == 429


def test_nothing_typed_is_stored_in_clear_by_the_counts(client: Client) -> None:
    sign_in(client, "nobody@example.com", WRONG)
    kept = str(list(Attempts.objects.values_list()))
    assert "nobody" not in kept
    assert "203.0.113.9" not in kept


ELSEWHERE = ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "https:evil.example"]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nobody_is_led_to_another_site(target: str, people: dict[str, User], client: Client) -> None:
    assert sign_in(client, "editor@example.com", next=target)[1] == LANDING


def test_nobody_is_led_to_another_site_by_any_of_the_known_tricks(people: dict[str, User], shared_data: Path) -> None:
    client = Client()
    client.force_login(people["editor"])
    for file in sorted((shared_data / "security" / "redirect").glob("*.txt")):
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            target = line.removeprefix("/?next=").strip()
            where = client.get("/sign-in/", {"next": target})["Location"]
            assert where == LANDING or (where.startswith("/") and where[1:2] not in ("/", "\\")), line


def test_one_that_asked_for_a_page_gets_it_after_signing_in(people: dict[str, User], client: Client) -> None:
    assert sign_in(client, "editor@example.com", next="/account/password/")[1] == "/account/password/"


HOSTILE = [
    "\x00",
    "a" * 300 + "@example.com",
    "' OR 1=1 --",
    "<script>alert(1)</script>@example.com",
    "a@b@c.example",
    "",
]


@pytest.mark.parametrize("email", HOSTILE)
def test_a_hostile_address_gets_the_form_back(email: str, db: None, client: Client) -> None:
    status, _, page = sign_in(client, email, WRONG)
    assert status == 200
    assert "<script>alert" not in page
    assert not Attempts.objects.exists()
