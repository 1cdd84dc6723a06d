"""A forgotten password, a changed one, another address: what happens, and what nobody learns."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from platform_admin.jobs.models import Job
from platform_admin.people.doors import MAIL_ACCOUNT, PASSWORD_AGAIN, SIGN_IN_HERE
from platform_admin.people.models import OneTimeLink, PersonSession
from platform_admin.tenants.models import User
from tests.platform_admin.people.mailroom import PASSWORD, deliver, path_of

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "a brand new and longer one"
WHO = "editor@example.com"


def signed_in(email: str = WHO) -> Client:
    client = Client()
    assert client.post("/sign-in/", {"username": email, "password": PASSWORD}).status_code == 302
    return client


def asked_for(email: str = WHO) -> str:
    Client().post("/forgotten/", {"email": email})
    return path_of(deliver()[-1])


def set_new(path: str, password: str = NEW_PASSWORD) -> int:
    client = Client()
    first = client.get(path)
    if first.status_code != 302:
        return first.status_code
    return client.post(first["Location"], {"password": password, "again": password}).status_code


def test_a_forgotten_password_is_set_anew_by_mail(people: dict[str, User]) -> None:
    assert set_new(asked_for()) == 302
    people["editor"].refresh_from_db()
    assert people["editor"].check_password(NEW_PASSWORD)
    (told,) = deliver()
    assert (told.subject, told.to) == ("Your password was changed", [WHO])


def test_the_link_works_once_and_for_an_hour(people: dict[str, User]) -> None:
    path = asked_for()
    assert set_new(path) == 302
    assert set_new(path, "yet another password") == 404
    path = asked_for()
    OneTimeLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert set_new(path) == 404
    people["editor"].refresh_from_db()
    assert people["editor"].check_password(NEW_PASSWORD)


def test_a_newer_link_ends_the_older(people: dict[str, User]) -> None:
    first, second = asked_for(), asked_for()
    assert set_new(first) == 404
    assert set_new(second) == 302


def test_every_session_ends(people: dict[str, User]) -> None:
    there = signed_in()
    set_new(asked_for())
    assert there.get("/account/").status_code == 302
    assert not PersonSession.objects.filter(user=people["editor"]).exists()


def test_who_was_locked_out_comes_in_again_by_mail(people: dict[str, User]) -> None:
    for _ in range(SIGN_IN_HERE.most):
        Client().post("/sign-in/", {"username": WHO, "password": "not it at all"})
    assert Client().post("/sign-in/", {"username": WHO, "password": PASSWORD}).status_code == 429
    set_new(asked_for())
    assert Client().post("/sign-in/", {"username": WHO, "password": NEW_PASSWORD}).status_code == 302


ASKED = {
    "an account": WHO,
    "nobody's address": "nobody@example.com",
    "somebody who may not sign in": "viewer@example.com",
    "somebody who has no password yet": "publisher@example.com",
}


def test_asking_costs_and_says_the_same_whoever_it_is(people: dict[str, User]) -> None:
    User.objects.filter(email="viewer@example.com").update(is_active=False)
    people["publisher"].set_unusable_password()
    people["publisher"].save()
    seen = set()
    for number, email in enumerate(ASKED.values()):
        client = Client()
        with CaptureQueriesContext(connection) as queries:
            answer = client.post("/forgotten/", {"email": email}, REMOTE_ADDR=f"203.0.113.{number}")
        page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode()).replace(email, "EMAIL")
        seen.add((answer.status_code, page, len(queries)))
    assert len(seen) == 1
    assert Job.objects.count() == len(ASKED)
    assert sorted(letter.to[0] for letter in deliver()) == [WHO, "publisher@example.com"]


def test_nobody_is_flooded_with_mail(people: dict[str, User]) -> None:
    for email in (WHO, "nobody@example.com"):
        statuses = [Client().post("/forgotten/", {"email": email}).status_code for _ in range(MAIL_ACCOUNT.most + 1)]
        assert statuses == [200] * MAIL_ACCOUNT.most + [429]
    assert len(deliver()) == MAIL_ACCOUNT.most


def test_a_made_up_host_is_in_no_link(people: dict[str, User]) -> None:
    Client().post("/forgotten/", {"email": WHO}, headers={"Host": "testserver", "X-Forwarded-Host": "evil.example"})
    (letter,) = deliver()
    assert "evil.example" not in str(letter.body)
    assert "https://desk.example.org/new-password/" in str(letter.body)


def test_changing_it_ends_the_other_sessions_and_the_links_that_were_sent(people: dict[str, User]) -> None:
    here, there, path = signed_in(), signed_in(), asked_for()
    answer = here.post("/account/password/", {"present": PASSWORD, "password": NEW_PASSWORD, "again": NEW_PASSWORD})
    assert answer["Location"] == "/account/"
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302
    assert set_new(path) == 404
    assert [letter.subject for letter in deliver()] == ["Your password was changed"]


WRONG_CHANGES = {
    "the present one is wrong": ("not it at all", NEW_PASSWORD, NEW_PASSWORD),
    "the two are not the same": (PASSWORD, NEW_PASSWORD, "something else again"),
    "it is too short": (PASSWORD, "short", "short"),
    "everybody uses it": (PASSWORD, "password1234", "password1234"),
    "it is the address": (PASSWORD, WHO, WHO),
    "it is longer than anybody types": (PASSWORD, "x" * 257, "x" * 257),
}


@pytest.mark.parametrize(("present", "password", "again"), WRONG_CHANGES.values(), ids=WRONG_CHANGES)
def test_a_change_that_is_refused_changes_nothing(
    present: str, password: str, again: str, people: dict[str, User]
) -> None:
    here, there = signed_in(), signed_in()
    answer = here.post("/account/password/", {"present": present, "password": password, "again": again})
    assert answer.status_code == 200
    people["editor"].refresh_from_db()
    assert people["editor"].check_password(PASSWORD)
    assert there.get("/account/").status_code == 200
    assert deliver() == []


def test_the_present_password_cannot_be_guessed_from_an_open_session(people: dict[str, User]) -> None:
    here = signed_in()
    change = {"present": "not it at all", "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    for _ in range(PASSWORD_AGAIN.most):
        assert here.post("/account/password/", change).status_code == 200
    answer = here.post("/account/password/", {**change, "present": PASSWORD})
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 900
    people["editor"].refresh_from_db()
    assert people["editor"].check_password(PASSWORD)


def change_address(client: Client, email: str, present: str = PASSWORD) -> int:
    return client.post("/account/address/", {"email": email, "present": present}).status_code


def test_another_address_is_confirmed_from_there_and_told_to_the_old_one(people: dict[str, User]) -> None:
    here = signed_in()
    assert change_address(here, "New@Example.com") == 200
    (letter,) = deliver()
    assert letter.to == ["new@example.com"]
    elsewhere = Client()
    assert elsewhere.get(elsewhere.get(path_of(letter))["Location"]).status_code == 200
    people["editor"].refresh_from_db()
    assert people["editor"].email == WHO
    elsewhere.post("/new-address/")
    people["editor"].refresh_from_db()
    assert people["editor"].email == "new@example.com"
    (told,) = deliver()
    assert (told.subject, told.to) == ("Your address was changed", [WHO])
    assert Client().get(path_of(letter)).status_code == 404


def test_asking_for_an_address_that_somebody_has_looks_the_same_and_writes_to_nobody(people: dict[str, User]) -> None:
    pages = {}
    for email in ("free@example.com", "owner@example.com"):
        answer = signed_in().post("/account/address/", {"email": email, "present": PASSWORD})
        page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
        pages[email] = (answer.status_code, page.replace(email, "EMAIL"))
    assert pages["free@example.com"] == pages["owner@example.com"]
    assert [letter.to for letter in deliver()] == [["free@example.com"]]


def test_an_address_that_somebody_took_meanwhile_is_not_taken(people: dict[str, User]) -> None:
    change_address(signed_in(), "new@example.com")
    path = path_of(deliver()[0])
    User.objects.create_user("new@example.com", PASSWORD)
    client = Client()
    client.get(path)
    assert client.post("/new-address/").status_code == 404
    people["editor"].refresh_from_db()
    assert people["editor"].email == WHO
    assert deliver() == []


def test_without_the_password_no_address_is_asked_for(people: dict[str, User]) -> None:
    assert change_address(signed_in(), "new@example.com", "not it at all") == 200
    assert deliver() == []
    assert len(mail.outbox) == 0
