"""Who may call the address of the app, and with what."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from platform_admin.commands.models import RuntimeCommand
from platform_admin.observability.models import Incident
from platform_admin.tenants.models import Tenant
from platform_admin.whatsapp.models import AppDelivery
from tests.fakes import webhook_bodies
from tests.platform_admin.whatsapp.app_deliveries import ADDRESS, NEW, OLD, post, template_change

pytestmark = pytest.mark.django_db


def is_untouched() -> bool:
    everywhere = "nothing was stored anywhere"
    return not (
        AppDelivery.objects.exists()
        or Incident.objects.across_tenants(everywhere).exists()
        or RuntimeCommand.objects.across_tenants(everywhere).exists()
    )


RIGHT = {"hub.mode": "subscribe", "hub.verify_token": "the-word", "hub.challenge": "1158"}
WRONG: dict[str, dict[str, Any]] = {
    "a wrong word": {**RIGHT, "hub.verify_token": "the-work"},
    "a word beyond ASCII": {**RIGHT, "hub.verify_token": "the-wörd"},
    "two words": {**RIGHT, "hub.verify_token": ["the-word", "x"]},
    "another mode": {**RIGHT, "hub.mode": "unsubscribe"},
    "nothing": {},
}


class TestHandshake:
    def test_the_right_word_gets_the_challenge_back_as_plain_text(self) -> None:
        answer = Client().get(ADDRESS, RIGHT)
        assert (answer.status_code, answer.content) == (200, b"1158")
        assert answer["content-type"].startswith("text/plain")

    @pytest.mark.parametrize("query", WRONG.values(), ids=WRONG)
    def test_anything_else_is_forbidden(self, query: dict[str, Any]) -> None:
        assert Client().get(ADDRESS, query).status_code == 403

    def test_where_no_word_is_set_none_is_right(self, settings: Any) -> None:
        settings.WHATSAPP_VERIFY_TOKEN = ""
        assert Client().get(ADDRESS, {**RIGHT, "hub.verify_token": ""}).status_code == 403


BODY = template_change("PAUSED")
SIGNATURES = {
    "none": "",
    "under another secret": webhook_bodies.sign(BODY, "another"),
    "of other bytes": webhook_bodies.sign(BODY + b" ", NEW),
    "in capitals": webhook_bodies.sign(BODY, NEW).upper(),
    "too short": webhook_bodies.sign(BODY, NEW)[:-1],
}


class TestDoor:
    @pytest.mark.parametrize("signature", SIGNATURES.values(), ids=SIGNATURES)
    def test_what_is_not_signed_by_the_app_is_refused_and_not_stored(self, connected: Tenant, signature: str) -> None:
        assert post(BODY, signature=signature).status_code == 401
        assert is_untouched()

    def test_both_secrets_open_while_one_takes_the_others_place(self, connected: Tenant) -> None:
        assert [post(BODY, secret=NEW).status_code, post(BODY + b" ", secret=OLD).status_code] == [200, 200]

    def test_where_no_secret_is_set_nothing_gets_in(self, settings: Any, connected: Tenant) -> None:
        settings.WHATSAPP_APP_SECRETS = ()
        assert post(BODY, secret="").status_code == 401
        assert is_untouched()

    def test_three_megabytes_are_taken_and_more_than_four_are_not(self, connected: Tenant) -> None:
        assert post(BODY + b" " * 3_000_000).status_code == 200
        assert post(BODY + b" " * 4_000_000).status_code == 413
        assert AppDelivery.objects.count() == 1

    def test_what_cannot_be_read_is_kept_and_acknowledged(self, connected: Tenant) -> None:
        for body in (b"{broken", b"[]", b'{"entry": 7}'):
            assert post(body).status_code == 200
        assert {row.state for row in AppDelivery.objects.all()} == {"unreadable"}
        assert AppDelivery.objects.count() == 3

    def test_other_methods_are_not_allowed(self) -> None:
        assert Client().put(ADDRESS).status_code == 405
