"""Meta's side of a tenant's webhook, through the ingress as the world sees it: the runtime behind it answers."""

from __future__ import annotations

import json
from typing import Final

import httpx2
import pytest
import yaml

from tests.containers.stack import ROOT, Stack, until
from tests.containers.visitor import outside
from tests.fakes import webhook_bodies
from tests.fakes.webhook_bodies import Writer

pytestmark = pytest.mark.containers

WEBHOOK: Final = "/t/second/webhook"
NUMBER, TOKEN, SECRET, WORD = "106540352242922", "EAAgood", "abc123", "a word of Meta's"
CHALLENGE: Final = "1158201444"


@pytest.fixture
def on_whatsapp(running: Stack) -> Stack:
    """The second tenant has a number of WhatsApp; its handshake is good once the release has arrived."""
    settings = yaml.safe_load((ROOT / "deploy" / "first-tenants" / "second.yaml").read_text())
    place = len(settings["channels"])
    settings["channels"].append({"type": "whatsapp", "phone_number_id": NUMBER})
    secrets = {"access_token": TOKEN, "app_secret": SECRET, "verify_token": WORD}
    with outside(running.ingress_port) as meta:
        if handshake(meta, WORD).status_code == 200:
            return running
        for name, value in secrets.items():
            storing = f'printf %s "$1" | python manage.py set_credential second channels.{place}.{name}'
            running.inside("control-plane", "sh", "-c", storing, "sh", value)
        publishing = (
            'printf %s "$1" > /tmp/second.json && python manage.py publish second --settings-file /tmp/second.json'
        )
        running.inside("control-plane", "sh", "-c", publishing, "sh", json.dumps(settings))
        until(lambda: handshake(meta, WORD).status_code == 200, "the second tenant is on WhatsApp")
    return running


def handshake(meta: httpx2.Client, word: str) -> httpx2.Response:
    asked = {"hub.mode": "subscribe", "hub.verify_token": word, "hub.challenge": CHALLENGE}
    return meta.get(WEBHOOK, params=asked)


def inbox(running: Stack) -> int:
    """How many messages the second tenant has stored."""
    found = json.loads(running.inside("data-plane-second", "python", "-m", "runtime", "inspect"))
    return int(found["rows"]["inbox"])


def said(answer: httpx2.Response) -> tuple[int, str]:
    """The ingress says nothing by itself (test_ingress.py), so words are the runtime's."""
    return answer.status_code, answer.text


def test_a_handshake_is_answered_for_the_right_word_alone(on_whatsapp: Stack) -> None:
    with outside(on_whatsapp.ingress_port) as meta:
        assert said(handshake(meta, WORD)) == (200, CHALLENGE)
        assert said(handshake(meta, "another word")) == (403, "forbidden\n")


def test_a_delivery_is_stored_under_the_right_signature_alone(on_whatsapp: Stack) -> None:
    # A reaction asks for no reply, so nothing is sent to Meta. Its bytes go through as they are, or none would fit.
    reaction = {"type": "reaction", "reaction": {"message_id": webhook_bodies.new_message_id(), "emoji": "👍"}}
    body = webhook_bodies.batch([webhook_bodies.message(Writer(NUMBER), reaction)])
    before = inbox(on_whatsapp)

    def delivered(app_secret: str) -> tuple[int, str]:
        signature = webhook_bodies.sign(body, app_secret)
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": signature}
        return said(meta.post(WEBHOOK, content=body, headers=headers))

    with outside(on_whatsapp.ingress_port) as meta:
        assert delivered("somebody else's secret") == (401, "unauthorized\n")
        assert inbox(on_whatsapp) == before
        assert delivered(SECRET) == (200, "ok\n")
        assert inbox(on_whatsapp) == before + 1
