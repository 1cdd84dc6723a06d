"""What the fake Graph API enforces beyond the form of a message: templates, windows, pace, files, tokens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from tests.fakes.graph.template_shelf import ShelfTemplate
from tests.fakes.graph_messages import TEXT, headed, message, parameter, tap_component, template, with_components
from tests.fakes.graph_server import FakeGraphServer
from tests.fakes.test_graph_server import HEADERS, SEND


@pytest.fixture
async def graph() -> AsyncIterator[FakeGraphServer]:
    async with FakeGraphServer(tokens=["good"], phone_number_ids=["123"]) as server:
        yield server


@pytest.fixture
async def http(graph: FakeGraphServer) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(base_url=graph.url, headers=HEADERS, trust_env=False, timeout=5) as client:
        yield client


TEMPLATES: dict[str, tuple[dict[str, Any], int | None]] = {
    "as approved": (template(parameter("a")), None),
    "too many blanks": (template(parameter("a"), parameter("b")), 132000),
    "names where they are counted": (template(parameter("a", parameter_name="x")), 132000),
    "another language": (template(parameter("a"), code="en"), 132001),
    "no such template": (template(parameter("a"), name="other"), 132001),
    "paused": (message("template", name="paused", language={"code": "es"}), 132015),
    "disabled": (message("template", name="disabled", language={"code": "es"}), 132016),
    "rejected": (message("template", name="rejected", language={"code": "es"}), 132001),
    "by names": (template(parameter("a", parameter_name="day"), name="named"), None),
    "by other names": (template(parameter("a", parameter_name="hour"), name="named"), 132000),
    "a head that it has not": (headed(parameter("a")), 132000),
    "a button that it has not": (
        with_components({"type": "body", "parameters": [parameter("a")]}, tap_component()),
        132012,
    ),
}


@pytest.mark.parametrize(("body", "code"), TEMPLATES.values(), ids=TEMPLATES)
async def test_a_template_is_taken_only_as_it_was_approved(
    graph: FakeGraphServer, http: httpx2.AsyncClient, body: dict[str, Any], code: int | None
) -> None:
    for shelved in (
        ShelfTemplate("reminder", "es", parameters=1),
        ShelfTemplate("named", "es", parameters=frozenset({"day"})),
        ShelfTemplate("paused", "es", "PAUSED"),
        ShelfTemplate("disabled", "es", "DISABLED"),
        ShelfTemplate("rejected", "es", "REJECTED"),
    ):
        graph.app.templates.put(shelved)
    answer = await http.post(SEND, json=body)
    assert answer.json().get("error", {}).get("code") == code
    assert len(graph.sent) == (code is None)


async def test_free_words_are_taken_for_a_day_after_the_customer_wrote(
    graph: FakeGraphServer, http: httpx2.AsyncClient
) -> None:
    clock = [1_000_000.0]
    graph.app.windows.enforced, graph.app.windows.now = True, lambda: clock[0]
    assert (await http.post(SEND, json=TEXT)).json()["error"]["code"] == 131047
    graph.app.windows.wrote("123", "+34600111222")
    assert (await http.post(SEND, json=TEXT)).status_code == 200
    clock[0] += 24 * 3600
    assert (await http.post(SEND, json=TEXT)).json()["error"]["code"] == 131047
    assert (await http.post(SEND, json=template(parameter("a")))).status_code == 200


async def test_who_sends_too_fast_is_told_whether_it_is_the_number_or_the_customer(
    graph: FakeGraphServer, http: httpx2.AsyncClient
) -> None:
    clock = [0.0]
    throttles = graph.app.throttles
    throttles.number_per_s, throttles.pair, throttles.now = 3, (2, 6.0), lambda: clock[0]
    other = TEXT | {"to": "+34600999888"}
    answers = [await http.post(SEND, json=body) for body in (TEXT, TEXT, TEXT, other, other)]
    codes = [answer.json().get("error", {}).get("code") for answer in answers]
    assert codes == [None, None, 131056, None, 130429]
    clock[0] += 6.0
    assert (await http.post(SEND, json=TEXT)).status_code == 200


READING: dict[str, tuple[dict[str, Any], int]] = {
    "read": ({"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.1"}, 200),
    "unread": ({"messaging_product": "whatsapp", "status": "unread", "message_id": "wamid.1"}, 400),
    "of no message": ({"messaging_product": "whatsapp", "status": "read"}, 400),
    "of another product": ({"status": "read", "message_id": "wamid.1"}, 400),
    "with another sign": (
        {"messaging_product": "whatsapp", "status": "read", "message_id": "w", "typing_indicator": {"type": "voice"}},
        400,
    ),
}


@pytest.mark.parametrize(("body", "status"), READING.values(), ids=READING)
async def test_a_message_is_marked_as_read(
    graph: FakeGraphServer, http: httpx2.AsyncClient, body: dict[str, Any], status: int
) -> None:
    assert (await http.post(SEND, json=body)).status_code == status
    assert graph.read == ([body] if status == 200 else [])
    assert graph.sent == []


async def test_an_upload_is_good_for_sending_and_another_id_is_not(
    graph: FakeGraphServer, http: httpx2.AsyncClient
) -> None:
    form = {"messaging_product": "whatsapp", "type": "image/png"}
    answer = await http.post("/v25.0/123/media", data=form, files={"file": ("a.png", b"PNG", "image/png")})
    media_id = answer.json()["id"]
    assert graph.app.media.uploaded[media_id].content == b"PNG"
    assert (await http.post(SEND, json=message("image", id=media_id))).status_code == 200
    assert (await http.post(SEND, json=message("image", id="1"))).json()["error"]["code"] == 131053
    for broken in ({"type": "image/png"}, {"messaging_product": "whatsapp", "type": "image/gif"}):
        refused = await http.post("/v25.0/123/media", data=broken, files={"file": ("a.png", b"PNG", "image/png")})
        assert refused.status_code == 400
    assert len(graph.app.media.uploaded) == 1


async def test_a_customers_file_is_described_and_handed_over_to_those_with_a_token(
    graph: FakeGraphServer, http: httpx2.AsyncClient
) -> None:
    media_id = graph.app.media.receive(b"PNG", "image/png")
    described = (await http.get(f"/v25.0/{media_id}")).json()
    assert (described["mime_type"], described["file_size"]) == ("image/png", "3")
    assert (await http.get(described["url"])).content == b"PNG"
    assert (await http.get(described["url"], headers={"Authorization": "Bearer bad"})).status_code == 401
    assert (await http.get("/v25.0/999")).status_code == 400


async def test_an_expired_token_opens_nothing_until_it_is_good_again(
    graph: FakeGraphServer, http: httpx2.AsyncClient
) -> None:
    assert (await http.get("/v25.0/123?fields=id")).json() == {"id": "123"}
    graph.app.expire_tokens()
    assert (await http.get("/v25.0/123?fields=id")).json()["error"]["code"] == 190
    graph.app.tokens.add("good")
    assert (await http.get("/v25.0/123?fields=id")).status_code == 200
