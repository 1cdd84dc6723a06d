"""Publish: what changes, who is in the middle of something, what is not ready; and the way back."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from flow_engine.bundle import open_bundle
from flow_engine.vocabulary import JSONObject
from platform_admin.commands.actions import CommandResult, note_results
from platform_admin.commands.models import RuntimeCommand
from platform_admin.flows import actions as flows
from platform_admin.flows.models import Flow
from platform_admin.flows.queries import main_flow
from platform_admin.observability.runtime_sighting import RuntimeSighting
from platform_admin.releases.actions import publish
from platform_admin.releases.models import Release
from platform_admin.releases.signing_key import platform_signing_key
from platform_admin.releases.sources import Sources, SourceText
from platform_admin.tenants.models import Tenant, User
from tests.platform_admin.authoring.test_conversation_page import client_of
from tests.platform_admin.business import BROKEN_FLOW, COMMAND, FLOW, KNOWLEDGE

pytestmark = pytest.mark.django_db

PAGE = "/admin/authoring/luna/publish/"


@pytest.fixture
def flow(luna: Tenant) -> Flow:
    """Release 1 is live."""
    publish(tenant=luna, by=COMMAND, sources=Sources(flow=SourceText(FLOW, "main.yaml"), knowledge=KNOWLEDGE))
    made = main_flow(luna)
    assert made is not None
    return made


def serials(tenant: Tenant) -> list[int]:
    return sorted(Release.objects.for_tenant(tenant).values_list("serial", flat=True))


def seen(tenant: Tenant, **gauges: Any) -> None:
    RuntimeSighting.objects.for_tenant(tenant).update_or_create(
        tenant=tenant, defaults={"serial": 1, "last_report_at": timezone.now(), "gauges": gauges}
    )


def test_the_page_says_what_changes_in_sentences(as_operator: Client, flow: Flow) -> None:
    flows.save_draft(flow=flow, text=FLOW.replace("De 10:00 a 20:00.", "De 9:00 a 20:00."), by=COMMAND)
    page = as_operator.get(PAGE)
    assert [(change.old, change.new) for change in page.context["changes"]] == [
        ("De 10:00 a 20:00.", "De 9:00 a 20:00.")
    ]
    assert page.context["ready"] is True
    assert "Publish release 2" in page.content.decode()


def test_settings_that_a_file_leaves_out_are_no_change(as_operator: Client, luna: Tenant, flow: Flow) -> None:
    settings = SourceText('{"channels": [{"type": "http_dev"}], "llm": {"enabled": false}}', "settings.json")
    publish(tenant=luna, by=COMMAND, sources=Sources(settings=settings))
    assert as_operator.get(PAGE).context["changes"] == ()


def test_nothing_new_is_said_to_be_nothing(as_operator: Client, flow: Flow) -> None:
    assert "Nothing. What is written is what is live." in as_operator.get(PAGE).content.decode()


def test_what_is_not_ready_keeps_the_button_shut_and_the_door_too(
    as_operator: Client, luna: Tenant, flow: Flow
) -> None:
    flows.save_draft(flow=flow, text=BROKEN_FLOW, by=COMMAND)
    page = as_operator.get(PAGE)
    assert page.context["ready"] is False
    assert "Mend it" in page.content.decode()
    answer = as_operator.post(f"{PAGE}go", {"do": "publish"}, follow=True)
    assert "Nothing was published: see what is not ready yet." in answer.content.decode()
    assert serials(luna) == [1]


def test_one_button_publishes_and_the_page_watches_the_runtime(as_operator: Client, luna: Tenant, flow: Flow) -> None:
    flows.save_draft(flow=flow, text=FLOW.replace("Horario", "Horas"), by=COMMAND)
    seen(luna)
    as_operator.post(f"{PAGE}go", {"do": "publish"})
    assert serials(luna) == [1, 2]
    state = as_operator.get(f"{PAGE}progress").json()
    assert state == {"wanted": 2, "has": 1, "done": False, "refusal": None}
    RuntimeSighting.objects.for_tenant(luna).update(serial=2)
    assert as_operator.get(f"{PAGE}progress").json()["done"] is True


def test_people_on_a_step_that_is_gone_are_counted_and_decided_about(
    as_operator: Client, luna: Tenant, flow: Flow
) -> None:
    seen(
        luna,
        open_conversations=[{"state": "HOURS", "serial": 1, "count": 4}, {"state": "MENU", "serial": 1, "count": 9}],
    )
    flows.save_draft(flow=flow, text=FLOW.replace("HOURS", "WHEN"), by=COMMAND)
    page = as_operator.get(PAGE)
    assert [(group.step, group.count) for group in page.context["stranded"]] == [("HOURS", 4)]
    as_operator.post(f"{PAGE}go", {"do": "publish", "in_flight_HOURS": "MENU"})
    release = Release.objects.for_tenant(luna).get(serial=2)
    assert release.people_in_flight == {"HOURS": {"do": "move", "to": "MENU"}}


def test_steps_are_called_as_on_the_map_with_their_accents(as_operator: Client, luna: Tenant, flow: Flow) -> None:
    said = FLOW.replace("De 10:00 a 20:00.", "Es el mejor día para ti.")
    wide = said.replace("HOURS", "MEJOR_DIA")
    publish(tenant=luna, by=COMMAND, sources=Sources(flow=SourceText(wide, "main.yaml"), knowledge=KNOWLEDGE))
    seen(luna, open_conversations=[{"state": "MEJOR_DIA", "count": 1}])
    flows.save_draft(flow=flow, text=FLOW, by=COMMAND)
    page = as_operator.get(PAGE).content.decode()
    assert "Mejor día" in page
    assert "Mejor dia" not in page
    assert 'id="phones"' in page


def test_a_release_is_tried_on_phones_before_it_is_for_everyone(as_operator: Client, luna: Tenant, flow: Flow) -> None:
    flows.save_draft(flow=flow, text=FLOW.replace("Horario", "Horas"), by=COMMAND)
    as_operator.post(f"{PAGE}go", {"do": "stage", "contacts": " "})
    assert serials(luna) == [1]
    as_operator.post(f"{PAGE}go", {"do": "stage", "contacts": "34600111222, 34600111333"})
    assert Release.objects.for_tenant(luna).get(serial=2).staged_for == ["34600111222", "34600111333"]
    assert "Now for everyone" in as_operator.get(PAGE).content.decode()
    as_operator.post(f"{PAGE}go", {"do": "promote"})
    assert serials(luna) == [1, 2, 3]


def test_going_back_is_a_release_of_its_own(as_operator: Client, luna: Tenant, flow: Flow) -> None:
    flows.save_draft(flow=flow, text=FLOW.replace("Horario", "Horas"), by=COMMAND)
    as_operator.post(f"{PAGE}go", {"do": "publish"})
    assert "Go back to 1" in as_operator.get("/admin/authoring/luna/releases/").content.decode()
    as_operator.post("/admin/authoring/luna/releases/1/back")
    newest = Release.objects.for_tenant(luna).get(serial=3)
    assert newest.rolled_back_to is not None
    assert newest.rolled_back_to.serial == 1


def test_only_publishers_publish_and_go_back(luna: Tenant, people: dict[str, User], flow: Flow) -> None:
    flows.save_draft(flow=flow, text=FLOW.replace("Horario", "Horas"), by=COMMAND)
    editor = client_of(people["editor"])
    editor.post(f"{PAGE}go", {"do": "publish"})
    editor.post("/admin/authoring/luna/releases/1/back")
    assert serials(luna) == [1]
    assert client_of(people["stranger"]).get(PAGE).status_code == 404


def test_before_the_first_release_everything_is_new(as_operator: Client, luna: Tenant) -> None:
    assert "This is the first release: everything is new." in as_operator.get(PAGE).content.decode()
    assert "Nothing is live yet" in as_operator.get("/admin/authoring/luna/releases/").content.decode()


REPLAY = f"{PAGE}replay"
PLAYED: JSONObject = {
    "conversations": 200, "turns": 900, "same": 897, "different": 3, "failed": 0,
    "examples": [{"state": "HOURS", "before": ["De 10:00 a 20:00."], "after": ["De 9:00 a 20:00."]}],
}  # fmt: skip


def heard_of(tenant: Tenant, minutes_ago: float = 0) -> None:
    seen(tenant)
    at = timezone.now() - timedelta(minutes=minutes_ago)
    RuntimeSighting.objects.for_tenant(tenant).update(last_report_at=at, last_pull_at=at)


def answered(tenant: Tenant, status: Any, result: JSONObject | None, detail: str = "") -> None:
    command = RuntimeCommand.objects.for_tenant(tenant).filter(kind="replay").latest("pk")
    said = CommandResult(command.public_id, status, detail, result)
    note_results(tenant=tenant, results=[said], now=timezone.now())


def test_the_last_conversations_are_played_on_the_draft_by_the_bot_itself(
    luna: Tenant, people: dict[str, User], flow: Flow
) -> None:
    flows.save_draft(flow=flow, text=FLOW.replace("De 10:00", "De 9:00"), by=COMMAND)
    heard_of(luna)
    editor = client_of(people["editor"])
    assert 'data-stage="ready"' in editor.get(REPLAY).content.decode()
    assert editor.post(REPLAY).status_code == 202
    assert editor.post(REPLAY).status_code == 202
    command = RuntimeCommand.objects.for_tenant(luna).get()  # asked twice for one draft: played once
    envelope = base64.b64decode(command.payload["envelope_base64"])
    keys = [platform_signing_key().public_key]
    candidate = open_bundle(envelope, public_keys=keys, tenant="luna", floor_serial=0, floor_digest=None)
    assert (candidate.staged, "De 9:00 a 20:00." in json.dumps(candidate.program)) == (frozenset(), True)
    assert serials(luna) == [1]
    assert 'data-stage="running"' in editor.get(REPLAY).content.decode()
    answered(luna, "done", PLAYED)
    page = editor.get(PAGE).content.decode()
    for said in ("3 of your last 200 conversations would go differently", "De 10:00 a 20:00.", "De 9:00 a 20:00."):
        assert said in page
    command.refresh_from_db()
    assert set(command.payload) == {"draft"}  # a whole release is not kept for ever


def test_a_result_for_another_draft_is_none(as_operator: Client, luna: Tenant, flow: Flow) -> None:
    heard_of(luna)
    as_operator.post(REPLAY)
    answered(luna, "done", {**PLAYED, "different": 0, "examples": []})
    assert 'data-same="true"' in as_operator.get(REPLAY).content.decode()
    flows.save_draft(flow=flow, text=FLOW.replace("Horario", "Horas"), by=COMMAND)
    assert 'data-stage="ready"' in as_operator.get(REPLAY).content.decode()


NOT_PLAYED = [
    ("never started", None, "Your bot has not been started yet."),
    ("silent", 20.0, "Your bot cannot be reached at the moment."),
]


@pytest.mark.parametrize(("case", "minutes", "said"), NOT_PLAYED, ids=[row[0] for row in NOT_PLAYED])
def test_what_could_not_be_played_is_said_and_never_called_good(
    case: str, minutes: float | None, said: str, as_operator: Client, luna: Tenant, flow: Flow
) -> None:
    if minutes is not None:
        heard_of(luna, minutes)
    page = as_operator.get(REPLAY).content.decode()
    assert 'data-stage="unavailable"' in page
    assert 'data-same="false"' in page
    assert said in page
    assert as_operator.post(REPLAY).json() == {"message": said}
    assert not RuntimeCommand.objects.for_tenant(luna).exists()


ENDS = [
    ("refused", "bad_program: no", None, 'data-stage="failed"', 'data-same="false"'),
    ("failed", "The candidate took too long.", None, "The candidate took too long.", 'data-same="false"'),
    ("done", "", {"conversations": 0}, "There are no conversations to play yet", 'data-same="false"'),
    ("done", "", {"conversations": 2, "failed": 1}, "In 1 conversation the draft itself fails.", 'data-same="false"'),
    (
        "done",
        "",
        {"conversations": 2, "examples": "x"},
        "Your last 2 conversations would go as they",
        'data-same="true"',
    ),
]


@pytest.mark.parametrize(("status", "detail", "result", "said", "same"), ENDS, ids=[row[3] for row in ENDS])
def test_every_end_of_a_replay_is_told_as_what_it_is(
    status: str,
    detail: str,
    result: JSONObject | None,
    said: str,
    same: str,
    as_operator: Client,
    luna: Tenant,
    flow: Flow,
) -> None:
    heard_of(luna)
    as_operator.post(REPLAY)
    answered(luna, status, result, detail)
    page = as_operator.get(REPLAY).content.decode()
    assert said in page
    assert same in page


def test_a_draft_with_faults_is_not_sent_to_the_bot_and_viewers_ask_for_nothing(
    as_operator: Client, luna: Tenant, people: dict[str, User], flow: Flow
) -> None:
    heard_of(luna)
    viewer = client_of(people["viewer"])
    assert viewer.get(REPLAY).status_code == 200
    assert viewer.post(REPLAY).status_code == 403
    flows.save_draft(flow=flow, text=BROKEN_FLOW, by=COMMAND)
    assert "What is written has faults; mend those first." in as_operator.get(REPLAY).content.decode()
    assert as_operator.post(REPLAY).status_code == 422
    assert not RuntimeCommand.objects.for_tenant(luna).exists()


def test_the_way_back_is_one_press_on_the_same_page(as_operator: Client, luna: Tenant, flow: Flow) -> None:
    flows.save_draft(flow=flow, text=FLOW.replace("Horario", "Horas"), by=COMMAND)
    as_operator.post(f"{PAGE}go", {"do": "publish"})
    assert "Go back to 1" in as_operator.get(PAGE).content.decode()
