"""An erasure is asked for once, ends in both planes, and is asked for again after a restore."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from flow_engine.vocabulary import JSONObject
from platform_admin.audit.anchoring import anchor
from platform_admin.audit.verifying import verify
from platform_admin.commands.actions import CommandResult, hand_out, note_results
from platform_admin.commands.models import RuntimeCommand
from platform_admin.errors import NotAllowedError
from platform_admin.observability.models import Turn
from platform_admin.privacy.actions import ask_to_erase, erase_again, settle_erasure
from platform_admin.privacy.carrying_on import carry_on
from platform_admin.privacy.models import Erasure
from platform_admin.privacy.queries import erasures_since
from platform_admin.tenants import audit
from platform_admin.tenants.actions import issue_runtime_token
from platform_admin.tenants.models import AuditEntry, Tenant, User
from tests.platform_admin.business import COMMAND
from tests.platform_admin.reports import TURN, report, send
from tests.platform_admin.sight.seeded import CONTACT, seed

pytestmark = pytest.mark.django_db

OTHER = "c-aaaaaaaaaaaa-07"
RESULT: JSONObject = {"rows": {"inbox": 3, "conversation": 1}, "files": 0, "hashed_ids": 2, "remaining": 0}


def answer(tenant: Tenant, *, settle: bool = True) -> None:
    """What the runtime does and reports; with ``settle`` also what the report's view does then."""
    now = timezone.now()
    results = [CommandResult(command.public_id, "done", "", RESULT) for command in hand_out(tenant=tenant, now=now)]
    for command in note_results(tenant=tenant, results=results, now=now):
        if settle:
            settle_erasure(command, now=now)


def test_asking_twice_makes_one_erasure_and_one_request(luna: Tenant, people: dict[str, User]) -> None:
    first = ask_to_erase(tenant=luna, contact=CONTACT, by=people["owner"])
    again = ask_to_erase(tenant=luna, contact=CONTACT, by=people["owner"])
    assert (first.pk, RuntimeCommand.objects.for_tenant(luna).count()) == (again.pk, 1)


@pytest.mark.parametrize("contact", ["", "34600111222", "c-", "c-5f1c0a9be2d4-4", f"{CONTACT} ", "c-5F1C0A9BE2D4-41"])
def test_what_is_no_pseudonym_is_refused_and_nothing_is_asked(luna: Tenant, contact: str) -> None:
    with pytest.raises(ValidationError):
        ask_to_erase(tenant=luna, contact=contact, by=COMMAND)
    assert not Erasure.objects.for_tenant(luna).exists()
    assert not RuntimeCommand.objects.for_tenant(luna).exists()


@pytest.mark.parametrize("role", ["viewer", "editor", "publisher", "stranger"])
def test_it_takes_an_owner(luna: Tenant, people: dict[str, User], role: str) -> None:
    with pytest.raises(NotAllowedError):
        ask_to_erase(tenant=luna, contact=CONTACT, by=people[role])
    assert not RuntimeCommand.objects.for_tenant(luna).exists()


def test_while_the_runtime_is_away_it_waits_and_nothing_is_removed(luna: Tenant) -> None:
    seed(luna)
    ask_to_erase(tenant=luna, contact=CONTACT, by=COMMAND)
    assert carry_on(now=timezone.now()) == "0 erasures went on, 0 late rows removed"
    assert Erasure.objects.for_tenant(luna).get().state == "pending"
    assert Turn.objects.for_tenant(luna).filter(contact=CONTACT).count() == 2
    answer(luna)
    assert Erasure.objects.for_tenant(luna).get().state == "done"
    assert not Turn.objects.for_tenant(luna).filter(contact=CONTACT).exists()


def test_the_receipt_names_the_counts_and_nobody_and_the_trail_holds(luna: Tenant, people: dict[str, User]) -> None:
    seed(luna)
    audit.record(by=people["editor"], verb="answered", subject="x", tenant=luna, contact=CONTACT, after={"t": "hola"})
    erasure = ask_to_erase(tenant=luna, contact=CONTACT, by=people["owner"])
    answer(luna)
    receipt = AuditEntry.objects.latest("pk")
    assert (receipt.verb, receipt.actor) == ("erased contact", people["owner"])
    assert receipt.details["runtime"] == RESULT
    assert receipt.details["control_plane"]["Turn"] == 2
    assert receipt.details["erasure"] == str(erasure.public_id)
    (touched,) = AuditEntry.objects.filter(tenant=luna).exclude(erased_at=None)
    assert receipt.details["entries"] == [[touched.number, touched.number]]
    assert CONTACT not in str(list(AuditEntry.objects.values()))
    assert CONTACT not in str(list(RuntimeCommand.objects.for_tenant(luna).values()))
    assert verify("luna").problems == []


def test_what_was_interrupted_between_answer_and_removal_is_finished_by_the_worker(luna: Tenant) -> None:
    seed(luna)
    ask_to_erase(tenant=luna, contact=CONTACT, by=COMMAND)
    answer(luna, settle=False)
    assert Turn.objects.for_tenant(luna).filter(contact=CONTACT).exists()
    assert carry_on(now=timezone.now()).startswith("1 erasures")
    assert not Turn.objects.for_tenant(luna).filter(contact=CONTACT).exists()
    entries = AuditEntry.objects.count()
    assert carry_on(now=timezone.now()).startswith("0 erasures")
    assert AuditEntry.objects.count() == entries


def test_a_late_report_brings_nobody_back_and_who_writes_again_is_kept(luna: Tenant) -> None:
    ask_to_erase(tenant=luna, contact=CONTACT, by=COMMAND)
    answer(luna)
    over = Erasure.objects.for_tenant(luna).get().finished_at
    assert over is not None
    for name, at in (("late", over - timedelta(minutes=1)), ("anew", over + timedelta(minutes=1))):
        Turn.objects.create(tenant=luna, turn_id=name, conversation="c", contact=CONTACT, channel="web", at=at)
    assert carry_on(now=over + timedelta(minutes=2)) == "0 erasures went on, 1 late rows removed"
    assert [turn.turn_id for turn in Turn.objects.for_tenant(luna)] == ["anew"]


def test_after_a_restore_whoever_was_erased_since_is_erased_again(luna: Tenant, sol: Tenant) -> None:
    for contact in (CONTACT, OTHER):
        ask_to_erase(tenant=luna, contact=contact, by=COMMAND)
    answer(luna)
    long_ago = timezone.now() - timedelta(days=3)
    Erasure.objects.for_tenant(luna).filter(contact=OTHER).update(finished_at=long_ago, requested_at=long_ago)
    ask_to_erase(tenant=sol, contact=CONTACT, by=COMMAND)
    copied_at = timezone.now() - timedelta(days=1)
    assert [erasure.contact for erasure in erasures_since(luna, copied_at)] == [CONTACT]
    assert [erasure.contact for erasure in erase_again(tenant=luna, since=copied_at, by=COMMAND)] == [CONTACT]
    waiting = RuntimeCommand.objects.for_tenant(luna).filter(state="queued")
    assert [command.payload for command in waiting] == [{"contact": CONTACT}]
    answer(luna)
    assert Erasure.objects.for_tenant(luna).filter(contact=CONTACT, state="done").count() == 2


def test_what_an_older_database_forgot_comes_from_the_list_outside_of_it(
    luna: Tenant, settings: Settings, tmp_path: Path
) -> None:
    settings.AUDIT_ANCHOR_FILE = tmp_path / "anchor.jsonl"
    for contact in (CONTACT, OTHER):
        ask_to_erase(tenant=luna, contact=contact, by=COMMAND)
    answer(luna)
    before, now = timezone.now() - timedelta(hours=1), timezone.now()
    anchor(now=now)
    anchor(now=now)
    lines = [json.loads(line) for line in settings.AUDIT_ANCHOR_FILE.read_text().splitlines()]
    assert [line["contact"] for line in lines if line["type"] == "erasure"] == [CONTACT, OTHER]
    with settings.AUDIT_ANCHOR_FILE.open("a") as stream:
        stream.write('{"type": "erasure", "tenant": "sol", "contact": "c-bbbbbbbbbbbb-01"}\n{"type": "eras')
    Erasure.objects.for_tenant(luna).delete()  # the restored database is older
    RuntimeCommand.objects.for_tenant(luna).delete()
    command = [
        "erase_contact",
        "luna",
        "--again-since",
        before.isoformat(),
        "--listed",
        str(settings.AUDIT_ANCHOR_FILE),
    ]
    call_command(*command, "--dry-run", stdout=StringIO())
    assert not RuntimeCommand.objects.for_tenant(luna).exists()
    out = StringIO()
    call_command(*command, "--json", stdout=out)
    assert len(json.loads(out.getvalue())["erasures"]) == 2
    queued = RuntimeCommand.objects.for_tenant(luna).order_by("pk")
    assert [command.payload for command in queued] == [{"contact": CONTACT}, {"contact": OTHER}]


@pytest.mark.parametrize("arguments", [[], [CONTACT, "--again-since", "2026-11-29"]], ids=["nobody", "both"])
def test_a_customer_or_a_moment_and_not_both(arguments: list[str], luna: Tenant) -> None:
    with pytest.raises(CommandError) as ended:
        call_command("erase_contact", "luna", *arguments, stdout=StringIO())
    assert ended.value.returncode == 2
    assert not Erasure.objects.for_tenant(luna).exists()


def test_the_report_that_brings_the_answer_finishes_the_erasure_and_an_older_turn_in_it_does_not_stay(
    luna: Tenant, client: Client
) -> None:
    token = issue_runtime_token(tenant=luna, by=COMMAND).clear
    seed(luna)
    erasure = ask_to_erase(tenant=luna, contact=CONTACT, by=COMMAND)
    fetched = send(client, token, report()).json()["commands"]
    assert [(item["kind"], item["payload"]) for item in fetched] == [("erase_contact", {"contact": CONTACT})]
    done = {"id": fetched[0]["id"], "status": "done", "detail": "", "result": RESULT}
    before = {**TURN, "contact": CONTACT, "at": (timezone.now() - timedelta(minutes=1)).isoformat()}
    body = report(turns=[before], command_results=[done])
    for _ in range(2):  # the answer was lost: the same report comes again
        assert send(client, token, body).status_code == 200
    erasure.refresh_from_db()
    assert (erasure.state, erasure.runtime_counts, erasure.counts["Turn"]) == ("done", RESULT, 3)
    assert not Turn.objects.for_tenant(luna).filter(contact=CONTACT).exists()
    assert AuditEntry.objects.filter(verb="erased contact").count() == 1
