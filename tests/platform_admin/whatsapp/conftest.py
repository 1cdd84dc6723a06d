"""A tenant with a WhatsApp number, and Meta's side of its account as a server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from starlette.applications import Starlette

from flow_engine.vocabulary import JSON
from platform_admin.credentials.actions import set_credential
from platform_admin.releases.actions import save_settings
from platform_admin.tenants.models import Tenant
from tests.fakes.graph.app import GraphApp
from tests.fakes.graph.management import Account, GraphManagement
from tests.fakes.threaded_server import ThreadedServer
from tests.platform_admin.business import COMMAND

TOKEN = "EAA-a-token-of-luna"
NUMBER = "1234567890"
WABA = "9876543210"
CHANNELS: list[JSON] = [{"type": "http_dev"}, {"type": "whatsapp", "phone_number_id": NUMBER, "waba_id": WABA}]


@dataclass(frozen=True, slots=True)
class Meta:
    """``account`` is how things stand at Meta; ``messages`` is the fake that takes messages."""

    account: Account
    messages: GraphApp
    url: str


@pytest.fixture
def connected(luna: Tenant) -> Tenant:
    """Luna with a number, its account and its three secrets."""
    save_settings(tenant=luna, document={"channels": CHANNELS}, by=COMMAND)
    secrets = {"access_token": TOKEN, "app_secret": "abc123", "verify_token": "my_word"}
    for name, value in secrets.items():
        set_credential(tenant=luna, field=f"channels.1.{name}", value=value, by=COMMAND)
    return luna


@pytest.fixture
def meta(settings: Any) -> Iterator[Meta]:
    account = Account(waba_id=WABA)
    account.add_number(NUMBER)
    messages = GraphApp(frozenset({TOKEN}), frozenset({NUMBER}))
    management = GraphManagement(account, frozenset({TOKEN}))
    edge = [route for route in messages.asgi.routes if getattr(route, "path", "").endswith("/messages")]
    with ThreadedServer(Starlette(routes=[*edge, *management.routes()])) as server:
        settings.GRAPH_BASE_URL = server.url
        yield Meta(account, messages, server.url)
