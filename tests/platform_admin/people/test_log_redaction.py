"""Links from mails and passwords are in no log, whatever goes wrong with them."""

from __future__ import annotations

import logging

import pytest
from django.test import Client

from platform_admin.config.log_redaction import WithoutTokens
from platform_admin.tenants.models import User
from tests.secret_watch import watched

LINK_TOKEN = "N8tr5nEXAMPLEtokenOfALinkInAMailxxxxxxxxxxx"
TYPED_PASSWORD = "correct-horse-battery-staple-9"

LINES = {
    '127.0.0.1:1 - "GET /invitation/abc_DEF-123/ HTTP/1.1" 302': '127.0.0.1:1 - "GET /invitation/…/ HTTP/1.1" 302',
    "Not Found: /new-password/abc_DEF-123/": "Not Found: /new-password/…/",
    "Forbidden: /new-address/abc?x=1": "Forbidden: /new-address/…?x=1",
    "GET /whatsapp/?hub.mode=subscribe&hub.verify_token=a-word&hub.challenge=1": (
        "GET /whatsapp/?hub.mode=subscribe&hub.verify_token=…&hub.challenge=1"
    ),
    "GET https://graph.facebook.com/debug_token?input_token=EAAx": "GET https://graph.facebook.com/debug_token?input_token=…",
    "POST /team/luna/invitations/7/withdraw/": "POST /team/luna/invitations/7/withdraw/",
}


@pytest.mark.parametrize(("line", "written"), LINES.items())
def test_the_token_of_a_link_is_taken_out(line: str, written: str) -> None:
    record = logging.makeLogRecord({"msg": "%s", "args": (line,)})
    assert WithoutTokens().filter(record)
    assert record.getMessage() == written


@pytest.mark.django_db
def test_what_people_type_and_open_is_not_logged(people: dict[str, User]) -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    with watched("django", "django.request", "platform_admin") as watch:
        for page in ("invitation", "new-password", "new-address"):
            assert client.get(f"/{page}/{LINK_TOKEN}/").status_code == 404
            assert client.post(f"/{page}/{LINK_TOKEN}/", {"password": TYPED_PASSWORD}).status_code == 403
        client.post("/sign-in/", {"username": "editor@example.com", "password": TYPED_PASSWORD})
    assert watch.leaks == []
