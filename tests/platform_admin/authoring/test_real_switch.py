"""The phone's switch: who may press it, what is asked for real then, and what stays pretended."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from django.core import signing
from django.test import Client
from pytest_django import Settings

from connectors.kernel.egress.policy import THIS_MACHINE
from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.business import actions as business
from platform_admin.connect.actions import connect
from platform_admin.credentials.queries import uses_of
from platform_admin.flows import actions as flows
from platform_admin.tenants.models import AuditEntry, Tenant, User
from tests.fakes.radicale_server import PASSWORD, USER, Radicale, running_radicale
from tests.platform_admin.authoring.test_conversation_page import client_of, send
from tests.platform_admin.business import COMMAND

pytestmark = pytest.mark.django_db

PAGE: Final = "/admin/authoring/luna/conversation/"
SWITCH: Final = f"{PAGE}real"
PHONE: Final = f"{PAGE}phone"
FLOW: Final = (Path(__file__).parents[3] / "flows" / "peluqueria_flow.yaml").read_text(encoding="utf-8")
HOURS: Final[JSONObject] = {
    "hours": {day: ["10:00-14:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat")},
    "services": [{"id": "cut", "name": "Corte", "minutes": 30}, {"id": "color", "name": "Color", "minutes": 60}],
}
HELLO: Final[list[JSON]] = [{"do": "say", "text": "hola"}]
CHOOSE_A_DAY: Final[list[JSON]] = [
    *HELLO,
    {"do": "tap", "payload": "menu_book"},
    {"do": "tap", "payload": "service_cut"},
]
BOOK: Final[list[JSON]] = [
    *CHOOSE_A_DAY,
    {"do": "tap", "payload": "day_2026-11-28"},
    {"do": "tap", "payload": "slot_10:00"},
    {"do": "tap", "payload": "confirm_yes"},
]
FRIDAY_IS_FULL: Final = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//test//EN
BEGIN:VEVENT
UID:full
DTSTAMP:20261101T000000Z
DTSTART:20261127T000000Z
DTEND:20261128T000000Z
SUMMARY:Feria
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
def radicale(tmp_path: Path) -> Iterator[Radicale]:
    with running_radicale(tmp_path) as server:
        yield server


@pytest.fixture(autouse=True)
def flow(luna: Tenant) -> None:
    made = flows.create_flow(tenant=luna, name="main", by=COMMAND)
    flows.save_draft(flow=made, text=FLOW, by=COMMAND)
    business.save_draft(tenant=luna, document=HOURS, by=COMMAND)


def connected(luna: Tenant, url: str) -> None:
    block = {"type": "caldav", "url": url, "username": USER, "timezone": "Europe/Madrid", "slot_duration_min": 30}
    connect(tenant=luna, category="calendar", block=block, secrets={"password": PASSWORD}, by=COMMAND)  # type: ignore[arg-type] # plain JSON


def full_friday(radicale: Radicale) -> str:
    """The address of a calendar in which nothing is free on Friday 27 November 2026."""
    address = radicale.calendar()
    with radicale.http() as http:
        assert http.put(f"{address}full.ics", content=FRIDAY_IS_FULL).status_code == 201
    return address


def entries(radicale: Radicale, address: str) -> int:
    with radicale.http() as http:
        return http.request("PROPFIND", address, headers={"Depth": "1"}).text.count(".ics</")


def script(moves: list[JSON], **more: JSON) -> dict[str, JSON]:
    return {"now": "2026-11-26T17:05", "moves": moves, **more}


def offered(chat: dict[str, Any]) -> list[str]:
    sections = chat["bubbles"][-1]["output"].get("sections", [])
    return [row["id"] for section in sections for row in section["rows"]]


def trail(luna: Tenant) -> list[str]:
    return [entry.verb for entry in AuditEntry.objects.filter(tenant=luna).order_by("pk") if "phone" in entry.verb]


def test_the_real_calendar_is_asked_what_is_free_and_nothing_is_booked_in_it(
    radicale: Radicale, luna: Tenant, people: dict[str, User], settings: Settings
) -> None:
    settings.PROBE_EGRESS = THIS_MACHINE
    address = full_friday(radicale)
    connected(luna, address)
    publisher = client_of(people["publisher"])
    assert "day_2026-11-27" in offered(send(publisher, PHONE, script(CHOOSE_A_DAY))[1])
    status, answer = send(publisher, SWITCH, {"on": True})
    assert (status, answer["asks"]) == (200, ["your calendar"])
    real: JSON = {"word": answer["word"], "chat": 1}
    asked = send(publisher, PHONE, script(CHOOSE_A_DAY, real=real))[1]
    assert offered(asked)[0] == "day_2026-11-28"
    assert asked["real"] == {"troubles": []}
    booked = send(publisher, PHONE, script(BOOK, real=real))[1]
    assert booked["state"] == "RESERVADA"
    assert entries(radicale, address) == 1
    send(publisher, SWITCH, {"on": False})
    assert trail(luna) == ["let the phone ask for real", "let the phone pretend again"]
    assert uses_of(luna).filter(purpose="trying it out").count() == 1


def test_a_chat_that_is_played_anew_asks_nothing_twice_and_a_chat_begun_anew_does(
    tmp_path: Path, luna: Tenant, people: dict[str, User], settings: Settings
) -> None:
    settings.PROBE_EGRESS = THIS_MACHINE
    publisher = client_of(people["publisher"])
    with running_radicale(tmp_path) as radicale:
        connected(luna, full_friday(radicale))
        word = send(publisher, SWITCH, {"on": True})[1]["word"]
        first = send(publisher, PHONE, script(CHOOSE_A_DAY, real={"word": word, "chat": 1}))[1]
    again = send(publisher, PHONE, script(CHOOSE_A_DAY, real={"word": word, "chat": 1}))[1]
    assert again == first
    anew = send(publisher, PHONE, script(CHOOSE_A_DAY, real={"word": word, "chat": 2}))[1]
    assert anew["real"] == {"troubles": ["Your calendar: It cannot be reached."]}


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_only_who_publishes_may_let_it_ask(role: str, luna: Tenant, people: dict[str, User]) -> None:
    connected(luna, "https://127.0.0.1:9/")
    word = send(client_of(people["publisher"]), SWITCH, {"on": True})[1]["word"]
    smaller = client_of(people[role])
    assert 'id="phone-real"' not in smaller.get(PAGE).content.decode()
    assert send(smaller, SWITCH, {"on": True})[0] == 403
    assert send(smaller, SWITCH, {"on": False})[0] == 403
    assert send(smaller, PHONE, script(HELLO, real={"word": word, "chat": 1}))[0] == 403
    assert trail(luna) == ["let the phone ask for real"]


def word_of(tenant: int, user: int) -> str:
    return signing.dumps([tenant, user, "x"], salt="authoring.real-switch")


@pytest.mark.parametrize("kind", ["somebody else's", "of another business", "nobody's", "none"])
def test_a_word_that_is_not_this_pages_asks_nobody(kind: str, luna: Tenant, people: dict[str, User]) -> None:
    connected(luna, "https://127.0.0.1:9/")
    publisher = people["publisher"]
    words: dict[str, JSON] = {
        "somebody else's": word_of(luna.pk, people["owner"].pk),
        "of another business": word_of(luna.pk + 1, publisher.pk),
        "nobody's": "x:y:z",
        "none": None,
    }
    status, answer = send(client_of(publisher), PHONE, script(CHOOSE_A_DAY, real={"word": words[kind], "chat": 1}))
    assert (status, answer["real"]) == (422, None)
    assert answer["message"] == "Your connections are not asked any more. Switch it on again."


def test_where_nothing_is_connected_there_is_no_switch(luna: Tenant, people: dict[str, User]) -> None:
    connect(tenant=luna, category="calendar", block={"type": "mock_calendar"}, secrets={}, by=COMMAND)
    owner: Client = client_of(people["owner"])
    assert 'id="phone-real"' not in owner.get(PAGE).content.decode()
    status, answer = send(owner, SWITCH, {"on": True})
    assert (status, answer["message"]) == (
        422,
        "Nothing is connected that could be asked. Connect your calendar first.",
    )
    assert trail(luna) == []


def test_a_saved_chat_knows_nothing_of_the_switch(luna: Tenant, people: dict[str, User]) -> None:
    body = {"script": script(HELLO, real={"word": "w", "chat": 1}), "description": "a chat"}
    owner = client_of(people["owner"])
    answer = owner.post("/admin/authoring/luna/tests/save", json.dumps(body), content_type="application/json")
    assert answer.status_code == 422
