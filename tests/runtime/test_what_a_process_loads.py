"""What a whole runtime has loaded once it has answered: nothing of the control plane, authoring, or unused providers.

Free questions are off in every case; what they load is told in docs/adr/0008.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from flow_engine.bundle import seal
from flow_engine.vocabulary import JSONObject
from tests.fakes import webhook_bodies
from tests.fakes.graph_server import FakeGraphServer
from tests.fakes.loopback import LoopbackServer
from tests.fakes.radicale_server import PASSWORD, USER, running_radicale
from tests.fakes.rest_api import RestAPI
from tests.fakes.webhook_bodies import Writer
from tests.fakes.webhook_sender import WebhookSender
from tests.flow_engine.normalised import invoke, program, state, text
from tests.runtime.bundles.bundle_line import KEY, payload, secret
from tests.runtime.runtime_process import PATIENCE_S, runtime_process

NUMBER: Final = "106540352242922"
ANA: Final = Writer(NUMBER, "34600111222", "Ana")
UNWANTED: Final = {
    "anthropic",
    "caldav",
    "click",
    "django",
    "google",
    "googleapiclient",
    "httplib2",
    "httpx",
    "lxml",
    "multiprocessing",
    "openai",
    "pydantic",
    "pydantic_core",
    "requests",
    "rest_framework",
    "sqlalchemy",
    "yaml",
}
SECRETS: Final = {"access_token": "EAAx", "app_secret": "s", "verify_token": "v"}
KEY_FILE: Final = json.dumps({"type": "service_account", "client_email": "desk@luna.example", "private_key": "none"})
"""Google's adapter does all of its work with it but the asking: the key signs nothing, so nobody is asked."""

FLOW: Final = program(
    {
        "MENU": state(
            invoke("crm", "find_customer", result_key="customer", phone="+34600111222"),
            invoke("calendar", "get_available_days", result_key="days", from_date="{{ data.today }}")
            | {"on_error": {"default": "NO_CALENDAR"}},
            text("A day for {{ data.customer.name }}: {{ data.days[0].id }}"),
        ),
        "NO_CALENDAR": state(text("No calendar for {{ data.customer.name }}")),
    }
)
CUSTOMERS: Final[JSONObject] = {
    "type": "http",
    "auth": "bearer",
    "operations": {
        "find_customer": {
            "summary": "Who has this number.",
            "path": "/customers",
            "query": {"phone": "{phone}"},
            "parameters": {"phone": "the number"},
            "result": {"name": "customer.name"},
        }
    },
}
CALENDAR: Final[JSONObject] = {
    "timezone": "Europe/Madrid",
    "slot_duration_min": 30,
    "lookahead_days_client": 14,
    "schedule": {day: ["09:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")},
}

_IMPORTED = re.compile(r"^import time:\s+\d+ \|\s+\d+ \|\s+([\w.]+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Tenant:
    """What it has beside its number, what its customer reads, and what must have been loaded for that."""

    answer: str
    loaded: frozenset[str]
    calendar: JSONObject | None = None
    secrets: Mapping[str, str] = field(default_factory=dict)


NUMBER_ALONE = Tenant("Welcome to Luna", frozenset())
GOOGLE = Tenant(
    "No calendar for Ana",
    frozenset({"connectors.http.answer", "connectors.calendar.google_calendar.service_account"}),
    CALENDAR | {"type": "google_calendar", "calendar_id": "shop@group.calendar.google.com"},
    {"connectors.calendar.credentials": KEY_FILE, "connectors.crm.secret": "crm-secret"},
)
CALDAV = Tenant(
    "A day for Ana: day_",
    frozenset({"connectors.http.answer", "connectors.calendar.caldav.client", "click"}),  # icalendar's
    CALENDAR | {"type": "caldav", "username": USER},
    {"connectors.calendar.password": PASSWORD, "connectors.crm.secret": "crm-secret"},
)


def release(tenant: Tenant, *, calendar_url: str, api_url: str) -> bytes:
    """Its number and the scheduler, as every production tenant has them, and its connectors."""
    values = {f"channels.0.{name}": value for name, value in SECRETS.items()} | dict(tenant.secrets)
    changes: JSONObject = {
        "channels": [{"type": "whatsapp", "phone_number_id": NUMBER}],
        "secrets": {place: secret(place, value) for place, value in values.items()},
    }
    if tenant.calendar is not None:
        calendar = tenant.calendar | ({"url": calendar_url} if tenant.calendar["type"] == "caldav" else {})
        changes["connectors"] = {"calendar": calendar, "crm": CUSTOMERS | {"base_url": api_url}}
        changes["program"] = FLOW
    return seal(payload(1, **changes), KEY)


@pytest.mark.parametrize(
    "tenant",
    [
        pytest.param(NUMBER_ALONE, id="a number alone"),
        pytest.param(GOOGLE, id="a calendar at Google and an API of its own"),
        pytest.param(CALDAV, id="a CalDAV calendar and an API of its own"),
    ],
)
async def test_a_serving_process_has_loaded_nothing_it_does_not_need(tmp_path: Path, tenant: Tenant) -> None:
    graph, api = FakeGraphServer(tokens=[SECRETS["access_token"]], phone_number_ids=[NUMBER]), RestAPI()
    with ExitStack() as stack:
        calendar_url = stack.enter_context(running_radicale(tmp_path)).calendar() if tenant is CALDAV else ""
        async with graph, LoopbackServer(api.app()) as rest:
            envelope = release(tenant, calendar_url=calendar_url, api_url=rest.url)
            options = ("-X", "importtime")
            async with runtime_process(tmp_path, envelope, graph_url=graph.url, options=options) as runtime:
                meta = WebhookSender(f"{runtime.url}/webhook", SECRETS["app_secret"])
                assert (await meta.post_values(webhook_bodies.text(ANA, "hi"))).is_success
                said = await first_reply(graph)
    assert said.startswith(tenant.answer)
    modules = set(_IMPORTED.findall((tmp_path / "stderr.txt").read_text(encoding="utf-8")))
    assert tenant.loaded | {"runtime.app", "starlette", "apscheduler", "httpx2"} <= modules
    assert {name.partition(".")[0] for name in modules} & (UNWANTED - tenant.loaded) == set()


async def first_reply(graph: FakeGraphServer) -> str:
    async with asyncio.timeout(PATIENCE_S):
        while not graph.sent:
            await asyncio.sleep(0.02)
    body = graph.sent[0].body
    return str(body["text"]["body"] if body["type"] == "text" else body["interactive"]["body"]["text"])
