"""A link on which somebody without an account tries the draft, and what she cannot do with it."""

from __future__ import annotations

import json
from datetime import UTC, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from platform_admin.authoring.models import SharedDraft
from platform_admin.authoring.sharing.links import MAX_OPEN, find, share, take_back, token_of
from platform_admin.flows import actions as flows
from platform_admin.flows.models import Flow, FlowDraft
from platform_admin.tenants.models import AuditEntry, Tenant, User
from tests.platform_admin.authoring.test_conversation_page import client_of, send
from tests.platform_admin.business import BROKEN_FLOW, COMMAND, FLOW

pytestmark = pytest.mark.django_db

LINKS = "/admin/authoring/luna/conversation/links"
SCRIPT: dict[str, Any] = {"now": "2026-11-26T17:05", "moves": [{"do": "say", "text": "hola"}]}


@pytest.fixture
def flow(luna: Tenant) -> Flow:
    cache.clear()
    made = flows.create_flow(tenant=luna, name="main", by=COMMAND)
    flows.save_draft(flow=made, text=FLOW, by=COMMAND)
    return made


@pytest.fixture
def shared(luna: Tenant, flow: Flow) -> SharedDraft:
    return share(tenant=luna, by=COMMAND, now=timezone.now())


def address(shared: SharedDraft) -> str:
    return f"/try/{token_of(shared)}/"


def play(where: str, body: Any = SCRIPT) -> tuple[int, dict[str, Any]]:
    """As a browser without a cookie."""
    answer = Client(enforce_csrf_checks=True).post(f"{where}phone", json.dumps(body), content_type="application/json")
    return answer.status_code, answer.json()


def test_whoever_has_the_link_chats_with_the_draft_as_a_customer_would(shared: SharedDraft) -> None:
    status, chat = play(address(shared))
    assert status == 200
    assert chat["bubbles"][-1]["output"]["body"] == "¡Hola! ¿Qué desea?"
    assert (chat["data"], chat["state"], chat["bubbles"][-1]["why"]) == ({}, None, [])


def test_its_end_is_a_day_of_the_business(shared: SharedDraft, luna: Tenant) -> None:
    ends = (timezone.now() + timedelta(days=3)).astimezone(UTC).replace(hour=23, minute=30)
    SharedDraft.objects.for_tenant(luna).update(expires_at=ends)
    local = ends.astimezone(ZoneInfo(luna.timezone))
    assert local.date() > ends.date()
    with override(luna.language):
        assert date_format(local, "j F") in Client().get(address(shared)).content.decode()


def test_the_page_is_strict_unlisted_and_keeps_nothing(shared: SharedDraft, flow: Flow) -> None:
    rows = (FlowDraft.objects.for_tenant(flow.tenant).get().revision, AuditEntry.objects.count())
    client = Client()
    page = client.get(address(shared))
    play(address(shared))
    assert page.status_code == 200
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert page.headers["Cache-Control"] == "no-store"
    assert not client.cookies
    assert (FlowDraft.objects.for_tenant(flow.tenant).get().revision, AuditEntry.objects.count()) == rows


def test_the_page_follows_the_draft_and_says_so_when_it_cannot_run(shared: SharedDraft, flow: Flow) -> None:
    flows.save_draft(flow=flow, text=FLOW.replace("¿Qué desea?", "¿Qué tal?"), by=COMMAND)
    assert play(address(shared))[1]["bubbles"][-1]["output"]["body"] == "¡Hola! ¿Qué tal?"
    flows.save_draft(flow=flow, text=BROKEN_FLOW, by=COMMAND)
    assert play(address(shared)) == (422, {"message": "Esto no funciona ahora mismo. Empieza de nuevo."})


def test_every_address_that_does_not_work_answers_alike(shared: SharedDraft, luna: Tenant) -> None:
    now = timezone.now()
    working = address(shared)
    over = share(tenant=luna, by=COMMAND, now=now - timedelta(days=8))
    gone = share(tenant=luna, by=COMMAND, now=now)
    take_back(shared=gone, by=COMMAND, now=now)
    forged = f"/try/{shared.link}.{'A' * 43}/"
    dead = [address(over), address(gone), forged, "/try/x/", f"/try/{shared.link}/"]
    answers = [Client().get(where) for where in dead]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    posts = [Client().post(f"{where}phone", json.dumps(SCRIPT), content_type="application/json") for where in dead]
    assert {answer.status_code for answer in posts} == {404}
    assert Client().get(working).status_code == 200


def test_a_business_that_is_suspended_is_not_there(shared: SharedDraft, luna: Tenant) -> None:
    luna.status = Tenant.Status.SUSPENDED
    luna.save(update_fields=["status"])
    assert Client().get(address(shared)).status_code == 404


@pytest.mark.parametrize(
    "body", [None, [], {"moves": 1}, {"now": "x"}, {**SCRIPT, "moves": SCRIPT["moves"] * 61}], ids=str
)
def test_what_is_no_chat_is_refused_in_words(shared: SharedDraft, body: Any) -> None:
    status, answer = play(address(shared), body)
    assert status == 422
    assert answer["message"]


def test_a_link_is_played_so_often_and_no_more(shared: SharedDraft, luna: Tenant) -> None:
    other = share(tenant=luna, by=COMMAND, now=timezone.now())
    statuses = [play(address(shared), [])[0] for _ in range(91)]
    assert statuses == [422] * 90 + [429]
    assert play(address(other))[0] == 200


def test_links_are_made_listed_and_taken_back_by_editors(people: dict[str, User], flow: Flow) -> None:
    editor = client_of(people["editor"])
    status, answer = send(editor, LINKS, {})
    assert status == 200
    (link,) = answer["links"]
    where = link["address"].removeprefix("http://testserver")
    assert Client().get(where).status_code == 200
    assert editor.get(LINKS).json() == answer
    assert send(editor, f"{LINKS}/{link['id']}", {}) == (200, {"links": []})
    assert Client().get(where).status_code == 404
    verbs = list(AuditEntry.objects.filter(tenant=flow.tenant).values_list("verb", flat=True))
    assert {"shared draft", "took back shared draft"} <= set(verbs)


def test_there_are_not_many_links_at_a_time(people: dict[str, User], flow: Flow) -> None:
    editor = client_of(people["editor"])
    for _ in range(MAX_OPEN):
        send(editor, LINKS, {})
    status, answer = send(editor, LINKS, {})
    assert (status, answer["message"]) == (422, "There are 10 links already. Take one back first.")
    assert SharedDraft.objects.for_tenant(flow.tenant).count() == MAX_OPEN


def test_a_viewer_and_a_stranger_neither_make_nor_see_links(
    people: dict[str, User], shared: SharedDraft, sol: Tenant
) -> None:
    viewer, stranger = client_of(people["viewer"]), client_of(people["stranger"])
    assert send(viewer, LINKS, {})[0] == 403
    assert viewer.get(LINKS).json() == {"links": []}
    assert viewer.post(f"{LINKS}/{shared.pk}").status_code == 403
    assert stranger.get(LINKS).status_code == 404
    assert stranger.post(f"{LINKS}/{shared.pk}").status_code == 404
    assert Client().post(LINKS).status_code == 302
    assert find(token_of(shared), timezone.now()) == shared
    assert SharedDraft.objects.for_tenant(shared.tenant).count() == 1
