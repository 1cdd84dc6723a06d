"""The first operator: a link on the terminal, a password, nothing else until the second factor is set up."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils import timezone

from platform_admin.errors import AlreadyThereError
from platform_admin.people.actions.accounts import create_first_operator
from platform_admin.people.models import OneTimeLink
from platform_admin.tenants.models import AuditEntry, User
from tests.platform_admin.business import COMMAND
from tests.platform_admin.people.mailroom import PASSWORD, path_in

pytestmark = pytest.mark.django_db

BOOTSTRAP = ("bootstrap", "--email", "ana@example.com")


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def refusal(*arguments: str) -> tuple[str, int]:
    with pytest.raises(CommandError) as caught:
        call_command(*arguments, stdout=StringIO(), stderr=StringIO())
    return str(caught.value), caught.value.returncode


def set_password(client: Client, path: str, password: str = PASSWORD) -> tuple[int, str]:
    """Follow a link and hand a password in; the status and where it leads."""
    first = client.get(path)
    if first.status_code != 302:
        return first.status_code, ""
    answer = client.post(first["Location"], {"password": password, "again": password})
    return answer.status_code, answer.get("Location", "")


def test_the_link_sets_a_password_once(client: Client) -> None:
    path = path_in(run(*BOOTSTRAP))
    user = User.objects.get()
    assert (user.email, user.is_superuser, user.has_usable_password()) == ("ana@example.com", True, False)
    assert set_password(client, path) == (302, "/sign-in/")
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert set_password(Client(), path, "another long password")[0] == 404
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_the_link_is_not_in_the_database_nor_in_the_trail() -> None:
    token = path_in(run(*BOOTSTRAP)).split("/")[2]
    stored = str(list(OneTimeLink.objects.values_list())) + str(list(AuditEntry.objects.values_list()))
    assert token not in stored
    assert len(token) == 43


def test_a_link_ends_after_a_day(client: Client) -> None:
    path = path_in(run(*BOOTSTRAP))
    OneTimeLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert set_password(client, path)[0] == 404
    assert not User.objects.get().has_usable_password()


def test_a_second_link_for_the_same_person_ends_the_first() -> None:
    first, second = path_in(run(*BOOTSTRAP)), path_in(run(*BOOTSTRAP))
    assert set_password(Client(), first)[0] == 404
    assert set_password(Client(), second)[0] == 302
    assert User.objects.count() == 1


def test_as_json_it_says_the_same() -> None:
    told = json.loads(run(*BOOTSTRAP, "--json"))
    assert set(told) == {"email", "link", "link_ends"}
    assert set_password(Client(), path_in(told["link"]))[0] == 302


def test_a_trial_makes_nobody_and_prints_no_link() -> None:
    told = json.loads(run(*BOOTSTRAP, "--json", "--dry-run"))
    assert told == {"email": "ana@example.com", "dry_run": True}
    assert not User.objects.exists()
    assert not OneTimeLink.objects.exists()


def test_there_is_one_first_operator(tmp_path: Path) -> None:
    set_password(Client(), path_in(run(*BOOTSTRAP)))
    for email in ("eve@example.com", "ana@example.com"):
        assert refusal("bootstrap", "--email", email) == (
            "There is an operator already; they can invite others.",
            1,
        )
    assert User.objects.count() == 1


def test_a_password_from_a_file_is_not_printed(tmp_path: Path) -> None:
    (tmp_path / "password").write_text(f"{PASSWORD}\n")
    printed = run(*BOOTSTRAP, "--password-file", str(tmp_path / "password"))
    assert printed == "Operator ana@example.com created.\n"
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.parametrize("name", ["absent", "empty"])
def test_an_absent_or_empty_password_file_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    assert refusal(*BOOTSTRAP, "--password-file", str(tmp_path / name))[1] == 2
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("email", "password"),
    [("not-an-address", None), ("ana@example.com", "short"), ("ana@example.com", "password1234")],
)
def test_a_bad_address_or_a_weak_password_is_refused(email: str, password: str | None) -> None:
    with pytest.raises(ValidationError):
        create_first_operator(email=email, password=password, by=COMMAND)
    assert not User.objects.exists()


def test_a_second_operator_is_refused_whoever_it_is() -> None:
    create_first_operator(email="Ana@Example.com", password=PASSWORD, by=COMMAND)
    with pytest.raises(AlreadyThereError):
        create_first_operator(email="eve@example.com", password=None, by=COMMAND)
    assert [user.email for user in User.objects.all()] == ["ana@example.com"]


WEAK = {"short": "too short", "common": "password1234", "the address": "ana@example.com"}


@pytest.mark.parametrize("password", WEAK.values(), ids=WEAK)
def test_a_weak_password_is_refused_and_the_link_stays_good(password: str, client: Client) -> None:
    path = path_in(run(*BOOTSTRAP))
    assert set_password(client, path, password)[0] == 200
    assert not User.objects.get().has_usable_password()
    assert set_password(client, path)[0] == 302
