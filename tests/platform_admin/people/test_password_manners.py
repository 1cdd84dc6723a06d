"""Passwords as people type them: every form that asks for one, what is taken, how it is kept; and keys of sessions."""

from __future__ import annotations

import inspect
import re
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import override

import pytest
from django import forms
from django.conf import global_settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from platform_admin.config.settings import base
from platform_admin.people import doors
from platform_admin.people import forms as own_forms
from platform_admin.people.actions.links import issue_link
from platform_admin.people.actions.passwords import change_password
from platform_admin.people.doors import Door
from platform_admin.people.forms import LONGEST_PASSWORD
from platform_admin.people.models import OneTimeLink
from platform_admin.people.session_engine import SessionStore
from platform_admin.tenants.models import User
from tests.platform_admin.people.mailroom import PASSWORD

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[3]
LEAST_ITERATIONS = 600_000
"""Of PBKDF2 with SHA-256, by OWASP's cheat sheet on storing passwords."""

KEY_BITS = 128
"""Of chance in a session's key, by ASVS 7.2.3."""


class _Inputs(HTMLParser):
    """The attributes of every field of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(page)

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "input":
            self.found.append(dict(attrs))


def _pages(user: User) -> dict[str, str]:
    """Every page with a field for a password."""
    inside, outside, by_link = Client(), Client(), Client()
    inside.force_login(user)
    link = issue_link(user=user, purpose=OneTimeLink.Purpose.NEW_PASSWORD, now=timezone.now())
    by_link.get(re.sub(r"^https?://[^/]+", "", link))
    pages = {
        "/sign-in/": outside,
        "/new-password/": by_link,
        "/account/password/": inside,
        "/account/address/": inside,
    }
    return {address: client.get(address).content.decode() for address, client in pages.items()}


def test_every_field_for_a_password_is_masked_and_may_be_filled_by_pasting_and_by_managers(
    people: dict[str, User],
) -> None:
    found = {}
    for address, page in _pages(people["editor"]).items():
        fields = [field for field in _Inputs(page).found if field.get("type") == "password"]
        found[address] = sorted(f"{field['name']}: {field.get('autocomplete')}" for field in fields)
        assert [name for field in fields for name in field if name.startswith("on") or name == "readonly"] == []
        assert "paste" not in page
    assert found == {
        "/sign-in/": ["password: current-password"],
        "/new-password/": ["again: new-password", "password: new-password"],
        "/account/password/": ["again: new-password", "password: new-password", "present: current-password"],
        "/account/address/": ["present: current-password"],
    }


def test_no_form_asks_for_a_password_in_a_field_that_shows_it() -> None:
    named = {
        f"{name}.{field_name}": field
        for name, form in inspect.getmembers(own_forms, inspect.isclass)
        if issubclass(form, forms.Form)
        for field_name, field in form.base_fields.items()
        if field_name in {"password", "again", "present"}
    }
    assert len(named) == 10
    for name, field in named.items():
        assert isinstance(field, forms.CharField), name
        assert isinstance(field.widget, forms.PasswordInput), name
        assert (field.strip, field.widget.render_value) == (False, False), name


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("  a phrase with room around it  ", id="spaces at both ends"),
        pytest.param("contraseña con ñ, ü y 漢字 🎈", id="letters of any alphabet"),
        pytest.param("CamelCase is kept As It Is", id="capitals"),
        pytest.param("e\u0301 is two characters here", id="an accent of its own"),
        pytest.param("<b>'\";-- %00 & co. \\", id="signs that mean something elsewhere"),
        pytest.param("long " * 51 + "x", id="as long as it may be"),
    ],
)
def test_a_password_is_taken_as_it_was_typed(people: dict[str, User], typed: str) -> None:
    user = people["editor"]
    inside = Client()
    inside.force_login(user)
    sent = {"present": PASSWORD, "password": typed, "again": typed}
    assert inside.post("/account/password/", sent).status_code == 302

    def lets_in(password: str) -> bool:
        return Client().post("/sign-in/", {"username": user.email, "password": password}).status_code == 302

    assert lets_in(typed)
    others = {typed.strip(), typed.lower(), typed[:-1], typed.replace("e\u0301", "é")} - {typed}
    assert [other for other in others if lets_in(other)] == []


def test_what_is_longer_is_refused_and_not_cut(people: dict[str, User]) -> None:
    inside = Client()
    inside.force_login(people["editor"])
    typed = "x y z " * 50
    assert len(typed) > LONGEST_PASSWORD
    sent = {"present": PASSWORD, "password": typed, "again": typed}
    assert inside.post("/account/password/", sent).status_code == 200
    people["editor"].refresh_from_db()
    assert people["editor"].check_password(PASSWORD)


def test_passwords_are_kept_by_a_slow_hash_with_a_salt_each(people: dict[str, User]) -> None:
    assert not hasattr(base, "PASSWORD_HASHERS")  # only the tests have a quick one
    with override_settings(PASSWORD_HASHERS=global_settings.PASSWORD_HASHERS):
        kept = [make_password(PASSWORD) for _ in range(2)]
        change_password(
            user=people["editor"], password="another long password", present_session=None, now=timezone.now()
        )
        kept.append(User.objects.get(pk=people["editor"].pk).password)
    parts = [hashed.split("$") for hashed in kept]
    assert {algorithm for algorithm, *_ in parts} == {"pbkdf2_sha256"}
    assert PBKDF2PasswordHasher.iterations >= LEAST_ITERATIONS
    assert {int(iterations) for _, iterations, *_ in parts} == {PBKDF2PasswordHasher.iterations}
    assert len({salt for _, _, salt, _ in parts}) == len(parts)


def test_the_key_of_a_session_is_long_and_of_chance(people: dict[str, User]) -> None:
    client = Client()
    client.post("/sign-in/", {"username": people["editor"].email, "password": PASSWORD})
    key = client.cookies["sessionid"].value
    stores = [SessionStore() for _ in range(50)]
    for store in stores:
        store.create()
    fresh = [str(store.session_key) for store in stores]
    assert {len(one) for one in (key, *fresh)} == {len(key)}
    assert len(set(VALID_KEY_CHARS)) ** len(key) >= 2**KEY_BITS
    assert set("".join((key, *fresh))) == set(VALID_KEY_CHARS)
    assert len({key, *fresh}) == 51


def _told(door: Door) -> str:
    """A door's bounds as the manual writes them."""
    hour, minute = timedelta(hours=1), timedelta(minutes=1)
    closed = f"{door.closed_for // hour} h" if door.closed_for >= hour else f"{door.closed_for // minute} min"
    doubled = ", doubled each time, up to a day" if door.longest > door.closed_for else ""
    return f"{door.most} in {doors.WINDOW // minute} min | {closed}{doubled}"


def test_the_manual_tells_how_often_each_door_may_be_tried() -> None:
    manual = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    table = manual.partition("**Too many attempts.**")[2].partition("\n\n")[2].partition("\n\n")[0].splitlines()[2:]
    told = {row.split(" | ", 1)[0].removeprefix("| "): row.split(" | ", 1)[1].removesuffix(" |") for row in table}
    assert told == {
        "a password, one account from one address": _told(doors.SIGN_IN_HERE),
        "a password, one account from anywhere": _told(doors.SIGN_IN_ACCOUNT),
        "a password, one address for any account": _told(doors.SIGN_IN_ADDRESS),
        "the present password, asked for once more": _told(doors.PASSWORD_AGAIN),
        "a code of the second factor, one account": _told(doors.CODE),
        "a code, one address for any account": _told(doors.CODE_ADDRESS),
        "a mail with a link, to one account": _told(doors.MAIL_ACCOUNT),
        "a mail with a link, asked for by one address": _told(doors.MAIL_ADDRESS),
        "links that are none, one address": _told(doors.LINK_ADDRESS),
    }
    known = {door for door in vars(doors).values() if isinstance(door, Door)}
    assert len(known) == len(told)
