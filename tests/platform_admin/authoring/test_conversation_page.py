"""The editor's page and its requests: who may, what is saved, what happens when two people write at once."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from django.test import Client

from platform_admin.flows import actions as flows
from platform_admin.flows.models import Flow, FlowDraft
from platform_admin.tenants.models import Tenant, User
from tests.platform_admin.business import BROKEN_FLOW, COMMAND, FLOW

pytestmark = pytest.mark.django_db

PAGE = "/admin/authoring/luna/conversation/"
DRAFT = f"{PAGE}draft"
PHONE = f"{PAGE}phone"
CHECK = f"{PAGE}check"
SCRIPT = {"now": "2026-11-26T17:05", "moves": [{"do": "say", "text": "hola"}]}
RENAME = {"do": "rename_step", "name": "HOURS", "to": "OPEN"}


@pytest.fixture
def flow(luna: Tenant) -> Flow:
    made = flows.create_flow(tenant=luna, name="main", by=COMMAND)
    flows.save_draft(flow=made, text=FLOW, by=COMMAND)
    return made


def stored(flow: Flow) -> FlowDraft:
    return FlowDraft.objects.for_tenant(flow.tenant).get(flow=flow)


def client_of(user: User) -> Client:
    user.is_staff = True
    user.save(update_fields=["is_staff"])
    client = Client()
    client.force_login(user)
    return client


def send(client: Client, address: str, body: Any) -> tuple[int, dict[str, Any]]:
    answer = client.post(address, body if isinstance(body, str) else json.dumps(body), content_type="application/json")
    return answer.status_code, answer.json()


def test_the_page_brings_the_draft_its_map_and_nothing_inline(as_operator: Client, flow: Flow) -> None:
    answer = as_operator.get(PAGE)
    assert answer.status_code == 200
    begin = answer.context["begin"]
    assert begin["draft"]["text"] == FLOW
    assert [card["name"] for card in begin["draft"]["map"]["cards"]] == ["MENU", "HOURS"]
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    page = answer.content.decode()
    assert " onclick=" not in page
    assert " style=" not in page


def test_an_edit_is_saved_checked_and_drawn(as_operator: Client, flow: Flow) -> None:
    status, state = send(as_operator, DRAFT, {"revision": stored(flow).revision, "edits": [RENAME]})
    assert status == 200
    assert [card["name"] for card in state["map"]["cards"]] == ["MENU", "OPEN"]
    assert state["problems"] == []
    assert stored(flow).text == FLOW.replace("HOURS", "OPEN")
    assert state["revision"] == stored(flow).revision


def test_a_text_that_is_broken_is_saved_with_its_problems_in_place(as_operator: Client, flow: Flow) -> None:
    status, state = send(as_operator, DRAFT, {"revision": stored(flow).revision, "text": BROKEN_FLOW})
    assert status == 200
    assert stored(flow).text == BROKEN_FLOW
    assert [(problem["line"], problem["step"], problem["severity"]) for problem in state["problems"]][:2] == [
        (10, "MENU", "error"),
        (13, "MENU", "error"),
    ]


def test_what_is_typed_is_checked_without_being_saved(as_operator: Client, flow: Flow) -> None:
    revision = stored(flow).revision
    status, answer = send(as_operator, CHECK, {"revision": revision, "text": BROKEN_FLOW})
    assert (status, [problem["line"] for problem in answer["problems"]][:2]) == (200, [10, 13])
    assert send(as_operator, CHECK, {"revision": revision, "edits": [RENAME]})[1]["problems"] == []
    assert send(as_operator, CHECK, {"revision": revision})[0] == 422
    assert (stored(flow).text, stored(flow).revision) == (FLOW, revision)


def test_problems_that_the_page_shows_already_come_as_their_mark_alone(as_operator: Client, flow: Flow) -> None:
    body = {"revision": stored(flow).revision, "text": BROKEN_FLOW}
    first = send(as_operator, CHECK, body)[1]
    assert send(as_operator, CHECK, {**body, "seen": first["mark"]}) == (200, {"mark": first["mark"]})
    other = send(as_operator, CHECK, {**body, "text": FLOW, "seen": first["mark"]})[1]
    assert other["problems"] == []
    assert other["mark"] != first["mark"]


def test_what_is_typed_while_a_save_is_on_its_way_is_judged_upon_the_text_before_it(
    as_operator: Client, flow: Flow
) -> None:
    before = stored(flow).revision
    assert send(as_operator, DRAFT, {"revision": before, "edits": [RENAME]})[0] == 200
    again = {"do": "rename_step", "name": "OPEN", "to": "DOORS"}
    assert send(as_operator, CHECK, {"revision": before, "edits": [RENAME, again]})[1]["problems"] == []
    assert send(as_operator, CHECK, {"revision": before, "edits": [again]})[0] == 422


@pytest.mark.parametrize("revision", [99, "1", True, None])
def test_upon_a_text_that_nobody_knows_nothing_is_judged(as_operator: Client, flow: Flow, revision: object) -> None:
    assert send(as_operator, CHECK, {"revision": revision, "text": BROKEN_FLOW}) == (200, {"mark": None})


def test_a_text_and_edits_in_it_are_saved_in_one(as_operator: Client, flow: Flow) -> None:
    text = FLOW.replace("HOURS", "OPEN")
    edit = {"do": "rename_step", "name": "OPEN", "to": "DOORS"}
    assert send(as_operator, DRAFT, {"revision": stored(flow).revision, "text": text, "edits": [edit]})[0] == 200
    assert stored(flow).text == FLOW.replace("HOURS", "DOORS")


def test_a_text_that_is_no_yaml_still_opens(as_operator: Client, flow: Flow) -> None:
    status, state = send(as_operator, DRAFT, {"revision": stored(flow).revision, "text": "states: [\n"})
    assert (status, state["readable"], state["map"]["cards"]) == (200, False, [])
    assert as_operator.get(PAGE).status_code == 200


def test_the_second_of_two_writers_is_told_who_and_gets_both_texts(
    luna: Tenant, people: dict[str, User], flow: Flow
) -> None:
    seen = stored(flow).revision
    send(client_of(people["editor"]), DRAFT, {"revision": seen, "edits": [RENAME]})
    status, answer = send(client_of(people["owner"]), DRAFT, {"revision": seen, "text": "mine\n"})
    assert status == 409
    assert answer["message"] == "editor@example.com changed this conversation meanwhile."
    assert answer["theirs"]["text"] == FLOW.replace("HOURS", "OPEN") == stored(flow).text


UNSTORABLE = "The text holds a character that cannot be stored. Delete what you pasted last."
REFUSED: list[tuple[Any, str]] = [
    ("no json", "This page is out of step. Load it again; what you typed is kept."),
    ([], "This page is out of step. Load it again; what you typed is kept."),
    ({"revision": True, "text": ""}, "This page is out of step. Load it again; what you typed is kept."),
    ({"revision": 1}, "There is no text in this request."),
    ({"revision": 1, "text": "x" * 300_000}, "The text is too long: 256 kB fit."),
    ({"revision": 1, "text": f"{FLOW}# \0\n"}, UNSTORABLE),
    ({"revision": 1, "text": f"{FLOW}# \ud800\n"}, UNSTORABLE),
    ({"revision": 1, "edits": [RENAME] * 101}, "Too many changes at once."),
    ({"revision": 1, "edits": [{"do": "rename_step", "name": "GONE", "to": "A"}]}, "There is no step “Gone” any more."),
]


@pytest.mark.parametrize(("body", "reason"), REFUSED, ids=lambda value: str(value)[:50])
def test_what_cannot_be_saved_is_refused_in_words_and_nothing_changes(
    as_operator: Client, flow: Flow, body: Any, reason: str
) -> None:
    if isinstance(body, dict) and body.get("revision") == 1 and body["revision"] is not True:
        body = {**body, "revision": stored(flow).revision}
    status, answer = send(as_operator, DRAFT, body)
    assert (status, answer["message"]) == (422, reason)
    assert stored(flow).text == FLOW


def test_a_viewer_sees_everything_and_changes_nothing(people: dict[str, User], flow: Flow) -> None:
    viewer = client_of(people["viewer"])
    assert viewer.get(PAGE).context["begin"]["may_edit"] is False
    status, _ = send(viewer, DRAFT, {"revision": stored(flow).revision, "text": "mine\n"})
    assert status == 403
    assert stored(flow).text == FLOW


ADDRESSES = [PAGE, DRAFT, f"{PAGE}step?name=MENU", f"{PAGE}texts", f"{PAGE}schema"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_another_business_is_not_there(people: dict[str, User], flow: Flow, address: str) -> None:
    stranger = client_of(people["stranger"])
    foreign, unknown = stranger.get(address), stranger.get(address.replace("luna", "nobody"))
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.content == unknown.content
    assert Client().get(address).status_code == 302


def test_the_form_of_a_step_and_the_table_of_texts_are_html(as_operator: Client, flow: Flow) -> None:
    form = as_operator.get(f"{PAGE}step?name=MENU").content.decode()
    assert "¡Hola! ¿Qué desea?" in form
    assert "→ Hours" in form
    assert as_operator.get(f"{PAGE}step?name=GONE").status_code == 404
    assert "De 10:00 a 20:00." in as_operator.get(f"{PAGE}texts").content.decode()


def test_what_an_author_writes_is_never_markup(as_operator: Client, flow: Flow) -> None:
    attack = '"><img src=x onerror=alert(1)>'
    path = ["states", "MENU", "on_enter", 0, "body"]
    edit = {"do": "set_value", "path": path, "value": attack}
    send(as_operator, DRAFT, {"revision": stored(flow).revision, "edits": [edit]})
    for address in (PAGE, f"{PAGE}step?name=MENU", f"{PAGE}texts"):
        assert "<img" not in as_operator.get(address).content.decode()


@pytest.mark.parametrize("part", ["draft", "schema"])
def test_what_carries_much_is_compressed_for_who_can_read_it(part: str, as_operator: Client, flow: Flow) -> None:
    plain = as_operator.get(f"{PAGE}{part}")
    small = as_operator.get(f"{PAGE}{part}", headers={"accept-encoding": "gzip"})
    assert plain.headers.get("Content-Encoding") is None
    assert (small.headers["Content-Encoding"], small.headers["Vary"].count("Accept-Encoding")) == ("gzip", 1)
    assert len(small.content) < len(plain.content)
    assert gzip.decompress(small.content) == plain.content


def test_the_phone_plays_the_draft(as_operator: Client, flow: Flow) -> None:
    status, chat = send(as_operator, PHONE, SCRIPT)
    assert (status, chat["state"]) == (200, "MENU")
    assert chat["bubbles"][-1]["output"]["body"] == "¡Hola! ¿Qué desea?"


def test_the_phone_waits_while_the_draft_cannot_run(as_operator: Client, flow: Flow) -> None:
    flows.save_draft(flow=flow, text=BROKEN_FLOW, by=COMMAND)
    status, answer = send(as_operator, PHONE, SCRIPT)
    assert (status, answer["message"]) == (422, "The phone waits until the problems marked red are mended.")


def test_a_tenant_without_a_conversation_has_an_empty_page(as_operator: Client, luna: Tenant) -> None:
    assert as_operator.get(PAGE).context["begin"]["draft"]["map"]["cards"] == []


def test_an_empty_editor_gets_its_first_step_at_one_press(as_operator: Client, luna: Tenant) -> None:
    text = as_operator.get(PAGE).context["begin"]["new"]["conversation"]
    status, state = send(as_operator, DRAFT, {"revision": 0, "text": text})
    assert (status, state["problems"]) == (200, [])
    assert [card["start"] for card in state["map"]["cards"]] == [True]
    assert luna.name in FlowDraft.objects.for_tenant(luna).get().text
    assert send(as_operator, DRAFT, {"revision": 0, "text": text})[0] == 409


def test_a_problem_comes_in_words_with_what_mends_it(as_operator: Client, flow: Flow) -> None:
    text = FLOW.replace("target: HOURS", "target: HOURZ", 1)
    _, state = send(as_operator, DRAFT, {"revision": stored(flow).revision, "text": text})
    problem = next(problem for problem in state["problems"] if problem["code"] == "F101")
    assert problem["words"] == "This leads to “Hourz”, and there is no such step: the customer would go nowhere."
    assert [fix["label"] for fix in problem["fixes"]] == ["Choose a step", "Make the step “Hourz”"]
    status, state = send(as_operator, DRAFT, {"revision": state["revision"], "edits": problem["fixes"][1]["edits"]})
    assert status == 200
    assert "F101" not in [problem["code"] for problem in state["problems"]]
