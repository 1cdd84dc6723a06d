"""The fake Graph API is only worth something if it refuses what the real one refuses."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from tests.fakes.graph.validation import problems_of
from tests.fakes.graph_messages import (
    LINK,
    TEXT,
    buttons,
    coupon,
    form,
    headed,
    interactive,
    link_button,
    message,
    parameter,
    placed,
    row,
    rows,
    tap_component,
    tapped,
    template,
    with_components,
)
from tests.fakes.graph_server import FakeGraphServer, Fault

SEND = "/v25.0/123/messages"
HEADERS = {"Authorization": "Bearer good"}
REFUSED: dict[str, tuple[Any, str]] = {
    "no object": ([], "the body is not an object"),
    "another product": ({**TEXT, "messaging_product": "sms"}, "messaging_product must be"),
    "nobody to send to": ({key: TEXT[key] for key in TEXT if key != "to"}, "to or recipient is required"),
    "no phone number": ({**TEXT, "to": "ana"}, "to is not a phone number"),
    "no user id": ({**TEXT, "recipient": "1349"}, "recipient is not a business-scoped user id"),
    "an unknown key": ({**TEXT, "colour": "red"}, "unknown key 'colour'"),
    "an unknown type": ({**TEXT, "type": "telegram"}, "type 'telegram' is not known"),
    "no text": ({**TEXT, "text": {}}, "text.body is missing or empty"),
    "a blank text": ({**TEXT, "text": {"body": " "}}, "text.body is missing or empty"),
    "a long text": ({**TEXT, "text": {"body": "x" * 4097}}, "at most 4096"),
    "a long opaque id": ({**TEXT, "biz_opaque_callback_data": "x" * 513}, "at most 512"),
    "no buttons": (buttons(), "1 to 3 buttons"),
    "four buttons": (buttons(("a", "A"), ("b", "B"), ("c", "C"), ("d", "D")), "1 to 3 buttons"),
    "a long title": (buttons(("a", "t" * 21)), "at most 20"),
    "a long id": (buttons(("a" * 257, "A")), "at most 256"),
    "an id with blanks": (buttons(("a ", "A")), "blanks around it"),
    "one title twice": (buttons(("a", "A"), ("b", "A")), "reply.title is used twice"),
    "one id twice": (buttons(("a", "A"), ("a", "B")), "reply.id is used twice"),
    "eleven rows": (rows({"rows": [row(n) for n in range(11)]}), "at most 10 in all"),
    "no rows": (rows({"rows": []}), "a section has no rows"),
    "a section without title": (rows({"title": "A", "rows": [row(1)]}, {"rows": [row(2)]}), "section.title"),
    "a long row title": (rows({"rows": [row(1, title="t" * 25)]}), "at most 24"),
    "a long description": (rows({"rows": [row(1, description="d" * 73)]}), "at most 72"),
    "an empty description": (rows({"rows": [row(1, description="")]}), "row.description is missing or empty"),
    "a long caption": (rows({"rows": [row(1)]}, button="b" * 21), "at most 20"),
}

REFUSED |= {
    "media without a file": (message("image"), "image needs either id or link"),
    "media with two files": (message("image", id="1", link=LINK), "image needs either id or link"),
    "a file on this machine": (message("image", link="file:///etc/passwd"), "image.link is no web address"),
    "a long caption": (message("image", link=LINK, caption="c" * 1025), "at most 1024"),
    "a caption under a voice": (message("audio", link=LINK, caption="c"), "unknown key 'caption'"),
    "a name for a picture": (message("image", link=LINK, filename="a.png"), "unknown key 'filename'"),
    "a place beyond the pole": (message("location", latitude=91, longitude=0), "location.latitude"),
    "a place in words": (message("location", latitude="40", longitude=0), "location.latitude"),
    "a place without a name in it": (message("location", latitude=1, longitude=1, name=""), "location.name"),
    "a reaction to nothing": (message("reaction", emoji="👍"), "reaction.message_id"),
    "a reaction in words": (message("reaction", message_id="wamid.1", emoji="ok"), "no emoji"),
    "a long link title": (link_button("t" * 21), "at most 20"),
    "a link that is none": (link_button(url="example.com"), "parameters.url is no web address"),
    "a footer under a location request": (
        interactive("location_request_message", {"name": "send_location"}, footer={"text": "F"}),
        "interactive.footer is not allowed here",
    ),
    "a contact request with a title": (
        interactive("request_contact_info", {"name": "request_contact_info", "title": "T"}),
        "and nothing else",
    ),
    "a template in capitals": (template(name="Reminder"), "template.name"),
    "a template in no language": (template(code="Spanish"), "template.language.code"),
    "an empty blank": (template(parameter("")), "parameter.text is missing or empty"),
    "a blank of two lines": (template(parameter("a\nb")), "132018"),
    "a head of two files": (headed({"type": "image", "image": {"link": LINK}}, parameter("b")), "132000"),
    "a sound in the head": (headed({"type": "audio", "audio": {"link": LINK}}), "not of type text"),
    "a caption in the head": (headed({"type": "image", "image": {"link": LINK, "caption": "c"}}), "unknown key"),
    "a button that is a number": (tapped(index=0), "button.index"),
    "a button of no kind": (tapped(sub_type="call"), "needs a sub_type"),
    "a button without a payload": (tapped({"type": "payload", "payload": ""}), "missing or empty"),
    "one button twice": (with_components(tap_component(), tap_component()), "a component is used twice"),
    "a head of a place without degrees": (placed(name="Sol"), "location.latitude is no number"),
    "a head of a place in numbers": (placed(latitude=40.4, longitude=-3.7), "written as text"),
    "a head of a place beyond the pole": (placed(latitude="90.1", longitude="0"), "from -90 to 90"),
    "a head of a place with a link": (placed(latitude="1", longitude="2", url=LINK), "unknown key 'url'"),
    "a head of a place without a place": (headed({"type": "location"}), "location.latitude is no number"),
    "a code of 16 characters": (tapped(coupon("c" * 16), sub_type="copy_code"), "16 characters, at most 15"),
    "a code under another name": (tapped(parameter("SUMMER26"), sub_type="copy_code"), "parameter that belongs to it"),
    "two codes": (
        with_components(
            tap_component(coupon("a"), sub_type="copy_code"),
            tap_component(coupon("b"), sub_type="copy_code", index="1"),
        ),
        "copy_code is used twice",
    ),
    "a form with an empty token": (tapped(form(flow_token=""), sub_type="flow"), "flow_token is missing or empty"),
    "a form with data of nothing": (tapped(form(flow_action_data={}), sub_type="flow"), "or an empty one"),
    "a form with data that is a list": (tapped(form(flow_action_data=["a"]), sub_type="flow"), "is no object"),
    "a form with a screen": (tapped(form(screen="FIRST"), sub_type="flow"), "unknown key 'screen'"),
    "blanks of both kinds": (template(parameter("a"), parameter("b", parameter_name="b")), "mixed"),
}

GOOD = [
    message("image", link=LINK, caption="c"),
    message("document", id="1", filename="a.pdf"),
    message("sticker", link=LINK),
    message("location", latitude=40.4, longitude=-3, name="Sol", address="Madrid"),
    message("reaction", message_id="wamid.1", emoji="👍"),
    message("reaction", message_id="wamid.1", emoji=""),
    link_button(),
    interactive("location_request_message", {"name": "send_location"}),
    interactive("request_contact_info", {"name": "request_contact_info"}),
    template(parameter("a"), parameter("b")),
    headed({"type": "document", "document": {"id": "1", "filename": "a.pdf"}}),
    headed(parameter("a")),
    tapped(),
    with_components(tap_component(), tap_component({"type": "text", "text": "x"}, sub_type="url", index="1")),
    placed(latitude="40.4168", longitude="-3.7038", name="Sol", address="Madrid"),
    placed(latitude="-90", longitude="180"),
    tapped(coupon("SUMMER26"), sub_type="copy_code"),
    tapped(form(), sub_type="flow"),
    tapped(form(flow_token="t", flow_action_data={"day": 1}), sub_type="flow"),
    message("template", name="reminder", language={"code": "en_US"}),
]


@pytest.mark.parametrize(("message", "problem"), REFUSED.values(), ids=REFUSED)
def test_a_message_that_graph_refuses_is_refused(message: Any, problem: str) -> None:
    assert any(problem in found for found in problems_of(message)), problems_of(message)


@pytest.mark.parametrize("message", [TEXT, buttons(("a", "A")), rows({"rows": [row(1)]}), *GOOD])
def test_a_good_message_passes(message: Any) -> None:
    assert problems_of(message) == []


@pytest.fixture
async def graph() -> AsyncIterator[FakeGraphServer]:
    async with FakeGraphServer(tokens=["good"], phone_number_ids=["123"]) as server:
        yield server


@pytest.fixture
async def http(graph: FakeGraphServer) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(
        base_url=graph.url, headers=HEADERS, trust_env=False, timeout=5, verify=False
    ) as client:
        yield client


async def test_a_send_is_answered_as_graph_answers_and_remembered(
    graph: FakeGraphServer, http: httpx2.AsyncClient
) -> None:
    answer = await http.post(SEND, json=TEXT)
    (sent,) = graph.sent
    assert answer.json() == {
        "messaging_product": "whatsapp",
        "contacts": [{"input": "+34600111222", "wa_id": "34600111222"}],
        "messages": [{"id": sent.wamid}],
    }
    assert (await http.get("/_sent")).json() == [sent.as_json()]


async def test_sends_are_filtered_by_customer_type_and_position(http: httpx2.AsyncClient) -> None:
    await http.post(SEND, json=TEXT)
    await http.post(SEND, json=buttons(("a", "A")) | {"to": "+34600999888"})
    for query, found in {
        "to=34600111222": [1],
        "to=%2B34600999888": [2],
        "type=interactive": [2],
        "after=1": [2],
        "after=2": [],
    }.items():
        assert [item["seq"] for item in (await http.get(f"/_sent?{query}")).json()] == found, query


NOT_ALLOWED: dict[str, tuple[str, dict[str, str], int, int]] = {
    "no token": (SEND, {"Authorization": ""}, 401, 190),
    "a wrong token": (SEND, {"Authorization": "Bearer bad"}, 401, 190),
    "another scheme": (SEND, {"Authorization": "Basic good"}, 401, 190),
    "a foreign number": ("/v25.0/124/messages", HEADERS, 400, 100),
    "no version": ("/latest/123/messages", HEADERS, 400, 2500),
}


@pytest.mark.parametrize(("path", "headers", "status", "code"), NOT_ALLOWED.values(), ids=NOT_ALLOWED)
async def test_a_call_without_right_is_refused_and_not_remembered(
    graph: FakeGraphServer, http: httpx2.AsyncClient, path: str, headers: dict[str, str], status: int, code: int
) -> None:
    answer = await http.post(path, json=TEXT, headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert graph.sent == []


async def test_a_script_is_followed_once_and_for_its_customer_only(
    graph: FakeGraphServer, http: httpx2.AsyncClient
) -> None:
    script = [{"kind": "fail", "code": 131056, "to": "+34600999888"}, {"kind": "throttle", "retry_after": 3}]
    assert (await http.post("/_script", json=script)).json() == {"scripted": True}
    answers = [await http.post(SEND, json=TEXT) for _ in range(2)]
    other = await http.post(SEND, json={**TEXT, "to": "34600999888"})
    assert [answer.status_code for answer in (*answers, other)] == [400, 200, 400]
    assert (answers[0].json()["error"]["code"], answers[0].headers["retry-after"]) == (130429, "3")
    assert other.json()["error"]["code"] == 131056
    assert len(graph.sent) == 1


async def test_a_script_that_makes_no_sense_is_refused(http: httpx2.AsyncClient) -> None:
    for script in ({"kind": "explode"}, {"kin": "fail"}, [7]):
        assert (await http.post("/_script", json=script)).status_code == 400


async def test_a_hang_that_was_not_accepted_ends_in_an_error(graph: FakeGraphServer, http: httpx2.AsyncClient) -> None:
    graph.script(Fault("hang", seconds=0.05, accepted=False))
    assert (await http.post(SEND, json=TEXT)).status_code == 503
    assert graph.sent == []


async def test_everything_is_forgotten_on_demand(graph: FakeGraphServer, http: httpx2.AsyncClient) -> None:
    graph.script(Fault("fail", times=0))
    assert (await http.post(SEND, json=TEXT)).status_code == 400
    await http.delete("/_sent")
    assert (await http.post(SEND, json=TEXT)).status_code == 200
    assert [sent.seq for sent in graph.sent] == [1]


async def test_the_page_shows_what_was_sent_and_escapes_it(http: httpx2.AsyncClient) -> None:
    assert "Nothing has been sent yet" in (await http.get("/")).text
    await http.post(SEND, json={**TEXT, "text": {"body": "<script>alert(1)</script>"}})
    await http.post(SEND, json=buttons(("menu_book", "Book & go")))
    for good in GOOD:
        assert (await http.post(SEND, json=good)).status_code == 200
    page = (await http.get("/")).text
    assert "&lt;script&gt;" in page
    assert "<script>" not in page
    assert "Book &amp; go" in page
