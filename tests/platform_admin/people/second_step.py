"""A second factor as its owner has it: an app with a key, and what it shows."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta

from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP

from platform_admin.people.actions.second_factor import confirm, key_to_set_up
from platform_admin.people.authenticator_app import STEP_S
from platform_admin.tenants.models import User
from tests.platform_admin.people.mailroom import PASSWORD

SET_UP = "/account/second-step/set-up/"


def code(key: str, *, at: datetime | None = None, steps: int = 0) -> str:
    totp = TOTP(base64.b32decode(key), step=STEP_S)
    totp.time = (at or timezone.now()).timestamp() + steps * STEP_S
    return f"{totp.token():06}"


def with_app(user: User) -> tuple[str, list[str]]:
    """A person with the second factor on: the key, and the recovery codes. The first code was of long ago."""
    key, then = key_to_set_up(user=user), timezone.now() - timedelta(hours=1)
    codes = confirm(user=user, code=code(key, at=then), present_session=None, now=then)
    assert codes is not None
    return key, codes


def password_given(email: str) -> Client:
    client = Client()
    assert client.post("/sign-in/", {"username": email, "password": PASSWORD})["Location"] == "/sign-in/code/"
    return client


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200
