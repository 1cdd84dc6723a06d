"""The audit trail, what the bot said on a day, and customers' rights: what is shown, and to whom."""

from __future__ import annotations

import base64
import csv
import io
import json
import uuid
import zipfile
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from platform_admin.audit.exporting import as_csv, defused
from platform_admin.audit.on_day import live_between
from platform_admin.commands.models import RuntimeCommand
from platform_admin.privacy.exports import take_export
from platform_admin.privacy.models import Erasure
from platform_admin.releases.actions import publish, stage
from platform_admin.releases.models import Release
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor
from platform_admin.tenants.models import AuditEntry, Tenant, User
from tests.platform_admin.business import COMMAND, FLOW, KNOWLEDGE, sources
from tests.platform_admin.sight.seeded import CONTACT, seed

pytestmark = [
    pytest.mark.django_db,
    # django-unfold overrides a method whose signature Django 6.1 widened; theirs to change.
    pytest.mark.filterwarnings("ignore:Overriding get_action_choices"),
]

CANARY = "sol-canary-7d1f"
OWNERS = ["trail", "privacy"]


@pytest.fixture
def seeded(luna: Tenant, sol: Tenant) -> Tenant:
    seed(luna)
    seed(sol, mark=CANARY)
    audit.record(by=COMMAND, verb="did", subject=CANARY, tenant=sol, before=CANARY)
    return luna


def signed_in_as(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(client: Client, name: str, query: str = "", slug: str = "luna") -> Any:
    arguments = [] if name == "whole_trail" else [slug]
    return client.get(reverse(name if name == "whole_trail" else f"sight:{name}", args=arguments) + query)


@pytest.mark.parametrize("name", [*OWNERS, "said"])
def test_an_owner_sees_the_own_business_and_no_other(name: str, seeded: Tenant, people: dict[str, User]) -> None:
    owner = signed_in_as(people["owner"])
    page = page_of(owner, name)
    assert page.status_code == 200
    assert CANARY not in page.content.decode()
    foreign, nobodys = page_of(owner, name, slug="sol"), page_of(owner, name, slug="nobody")
    assert (foreign.status_code, nobodys.status_code) == (404, 404)
    assert foreign.content.replace(b"sol", b"nobody") == nobodys.content


@pytest.mark.parametrize("role", ["viewer", "editor", "publisher", "stranger"])
@pytest.mark.parametrize("name", OWNERS)
def test_what_is_for_owners_is_not_there_for_others(
    name: str, role: str, seeded: Tenant, people: dict[str, User]
) -> None:
    client = signed_in_as(people[role])
    assert page_of(client, name).status_code == 404
    assert client.get(reverse("sight:trail_export", args=["luna", "csv"])).status_code == 404
    assert page_of(client, "whole_trail").status_code == 404
    assert client.get(reverse("whole_trail_export", args=["jsonl"])).status_code == 404
    if role != "stranger":
        assert f"/luna/{name}/" not in page_of(client, "summary").content.decode()


def test_an_operator_sees_everything(seeded: Tenant, as_operator: Client) -> None:
    audit.record(by=COMMAND, verb="rotated", subject="the platform's own")
    page = page_of(as_operator, "whole_trail").content.decode()
    assert CANARY in page
    assert "the platform&#x27;s own" in page
    assert "rotated" not in page_of(as_operator, "trail").content.decode()


FILTERS: list[tuple[str, list[str]]] = [
    ("", ["newest", "middle", "oldest"]),
    ("?who=OLGA", ["middle"]),
    ("?what=newest", ["newest"]),
    ("?what=did", ["newest", "middle", "oldest"]),
    (f"?what={CONTACT}", ["oldest"]),
    ("?since=2026-05-03&until=2026-05-03", ["middle"]),
    ("?since=2026-05-03", ["newest", "middle"]),
    ("?until=2026-05-02", ["oldest"]),
    ("?since=yesterday", ["newest", "middle", "oldest"]),
    ("?older=x", ["newest", "middle", "oldest"]),
]


@pytest.mark.parametrize(("query", "expected"), FILTERS, ids=[row[0] or "nothing asked" for row in FILTERS])
def test_the_trail_is_filtered_by_person_thing_and_days_of_the_business(
    query: str, expected: list[str], luna: Tenant, people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    madrid = ZoneInfo("Europe/Madrid")
    olga = User.objects.create_user("olga@example.com")
    moments: dict[str, tuple[datetime, Actor, str]] = {
        "oldest": (datetime(2026, 5, 2, 23, 59, tzinfo=madrid), COMMAND, CONTACT),
        "middle": (datetime(2026, 5, 3, 0, 1, tzinfo=madrid), olga, ""),
        "newest": (datetime(2026, 5, 4, 0, 0, tzinfo=madrid), COMMAND, ""),
    }
    for subject, (at, by, contact) in moments.items():
        monkeypatch.setattr("django.utils.timezone.now", lambda at=at: at)
        audit.record(by=by, verb="did", subject=subject, tenant=luna, contact=contact)
    monkeypatch.undo()
    answer = page_of(signed_in_as(people["owner"]), "trail", query)
    assert [row.subject for row in answer.context_data["rows"] if row.verb == "did"] == expected


def test_older_entries_are_a_page_further(seeded: Tenant, people: dict[str, User]) -> None:
    for number in range(60):
        audit.record(by=COMMAND, verb="did", subject=str(number), tenant=seeded)
    owner = signed_in_as(people["owner"])
    first = page_of(owner, "trail").context_data
    second = page_of(owner, "trail", f"?older={first['older']}").context_data
    keys = [row.pk for row in (*first["rows"], *second["rows"])]
    assert keys == sorted(set(keys), reverse=True)
    assert len(first["rows"]) == 50


HOSTILE = '=HYPERLINK("http://evil")'


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "＋1", "－1", "＠1"]
)
def test_no_cell_begins_as_a_formula(cell: str) -> None:
    assert defused(cell) == f"'{cell}"


def test_the_trail_is_taken_away_as_a_table_and_as_lines_and_that_is_noted(
    seeded: Tenant, people: dict[str, User]
) -> None:
    audit.record(by=COMMAND, verb="did", subject=HOSTILE, tenant=seeded, before={"a": 1}, after={"a": 2})
    owner = signed_in_as(people["owner"])
    table = owner.get(reverse("sight:trail_export", args=["luna", "csv"]))
    rows = list(csv.DictReader(io.StringIO(table.content.decode())))
    assert table["Content-Disposition"] == 'attachment; filename="audit-luna.csv"'
    assert (rows[0]["object"], rows[0]["before"], rows[0]["after"]) == (f"'{HOSTILE}", '{"a": 1}', '{"a": 2}')
    assert {row["tenant"] for row in rows} == {"luna"}
    assert AuditEntry.objects.latest("pk").verb == "exported audit trail"
    lines = owner.get(reverse("sight:trail_export", args=["luna", "jsonl"]) + "?what=HYPERLINK").content.decode()
    (told,) = map(json.loads, lines.splitlines())
    entry = AuditEntry.objects.get(subject=HOSTILE)
    assert (told["subject"], told["digest"], told["salt"]) == (HOSTILE, entry.digest, entry.salt)
    assert owner.get(reverse("sight:trail_export", args=["luna", "xlsx"])).status_code == 404
    assert CANARY not in table.content.decode() + lines


def test_an_empty_trail_is_a_header() -> None:
    assert as_csv([]).splitlines() == ["at,tenant,who,what,object,kind,details,before,after,number,digest"]


@pytest.fixture
def history(luna: Tenant) -> Tenant:
    """Release 1 on the 1st of May, 2 at noon on the 3rd, 3 for test phones alone, 4 on the 5th."""
    madrid = ZoneInfo("Europe/Madrid")
    days = [datetime(2026, 5, day, hour, tzinfo=madrid) for day, hour in ((1, 9), (3, 12), (5, 9))]
    for number in range(3):
        publish(
            tenant=luna,
            by=COMMAND,
            sources=sources(FLOW.replace("¿Qué desea?", f"Texto {number}."), knowledge=KNOWLEDGE),
        )
    for serial, day in enumerate(days, start=1):
        # Releases are written once; a test of history has to lie about when.
        models.QuerySet(Release).filter(tenant=luna, serial=serial).update(created_at=day)
    return luna


DAYS: list[tuple[str, list[int]]] = [
    ("?day=2026-04-30", []),
    ("?day=2026-05-01", [1]),
    ("?day=2026-05-02", [1]),
    ("?day=2026-05-03", [1, 2]),
    ("?day=2026-05-03&at=11:59", [1]),
    ("?day=2026-05-03&at=12:00", [1, 2]),
    ("?day=2026-05-03&at=14:00", [2]),
    ("?day=2026-05-06", [3]),
    ("?day=soon", []),
    ("?day=2026-05-03&at=noon", []),
]


@pytest.mark.parametrize(("query", "serials"), DAYS, ids=[row[0] for row in DAYS])
def test_a_day_leads_to_the_very_releases_and_their_texts(
    query: str, serials: list[int], history: Tenant, people: dict[str, User]
) -> None:
    answer = page_of(signed_in_as(people["viewer"]), "said", query)
    page = answer.content.decode()
    assert [span.release.serial for span, _ in answer.context_data["spans"]] == serials
    assert [number for number in range(3) if f"Texto {number}." in page] == [serial - 1 for serial in serials]
    for serial in serials:
        assert f"/luna/releases/{serial}/" in page


def test_a_release_for_test_phones_was_never_live(history: Tenant) -> None:
    stage(tenant=history, contacts=["34600111222"], by=COMMAND)
    now = timezone.now()
    spans = live_between(history, now - timedelta(minutes=5), now + timedelta(minutes=5))
    assert [(span.release.serial, span.until) for span in spans] == [(3, None)]


def test_a_turn_leads_to_its_release(seeded: Tenant, people: dict[str, User]) -> None:
    page = signed_in_as(people["viewer"]).get(reverse("sight:conversation", args=["luna", "conv"])).content.decode()
    assert "/luna/releases/2/" in page
    assert "Erase this customer" not in page
    assert (
        "Erase this customer"
        in signed_in_as(people["owner"]).get(reverse("sight:conversation", args=["luna", "conv"])).content.decode()
    )


def test_an_erasure_is_asked_for_with_the_name_typed_and_shown_while_it_waits(
    seeded: Tenant, people: dict[str, User]
) -> None:
    owner, url = signed_in_as(people["owner"]), reverse("sight:erase", args=["luna"])
    for form in ({}, {"contact": CONTACT}, {"contact": CONTACT, "confirm": "yes"}, {"contact": "x", "confirm": "x"}):
        assert owner.post(url, form).status_code == 302
    assert owner.get(url).status_code == 405
    assert signed_in_as(people["publisher"]).post(url, {"contact": CONTACT, "confirm": CONTACT}).status_code == 404
    assert owner.post(reverse("sight:erase", args=["sol"]), {"contact": CONTACT, "confirm": CONTACT}).status_code == 404
    assert not Erasure.objects.across_tenants("this test").exists()
    assert not RuntimeCommand.objects.across_tenants("this test").exists()
    owner.post(url, {"contact": CONTACT, "confirm": CONTACT, "channel": "whatsapp:1"})
    erasure = Erasure.objects.for_tenant(seeded).get()
    assert (erasure.state, erasure.requested_by, erasure.channel) == ("pending", people["owner"], "whatsapp:1")
    assert "waits for the bot" in page_of(owner, "privacy").content.decode()


def test_an_archive_is_asked_for_and_handed_to_owners_of_the_business_alone(
    seeded: Tenant, people: dict[str, User], sol: Tenant
) -> None:
    owner = signed_in_as(people["owner"])
    owner.post(reverse("sight:ask_export", args=["luna"]), {"contact": CONTACT})
    command = RuntimeCommand.objects.for_tenant(seeded).get()
    url = reverse("sight:download", args=["luna", command.public_id])
    assert owner.get(url).status_code == 404
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("conversation.json", "[]")
    take_export(tenant=seeded, command_id=command.public_id, content=buffer.getvalue(), now=timezone.now())
    answer = owner.get(url)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert {"conversation.json", "control_plane/turn.json"} <= set(archive.namelist())
    assert answer["Cache-Control"] == "no-store"
    noted = AuditEntry.objects.latest("pk")
    assert (noted.verb, noted.contact) == ("downloaded export", CONTACT)
    assert signed_in_as(people["publisher"]).get(url).status_code == 404
    for slug, key in (("sol", command.public_id), ("luna", uuid.uuid4())):
        assert owner.get(reverse("sight:download", args=[slug, key])).status_code == 404


def test_an_owner_says_how_long_things_are_kept_within_bounds(luna: Tenant, people: dict[str, User]) -> None:
    owner, url = signed_in_as(people["owner"]), reverse("sight:privacy", args=["luna"])
    luna.settings.policies = {"limits": {"loop_messages": 9}}
    luna.settings.save()
    answer = owner.post(url, {"turns_days": "7", "exports_days": "1", "messages_days": ""})
    assert answer["Location"] == url
    luna.settings.refresh_from_db()
    assert luna.settings.policies["retention"] == {"turns_days": 7, "exports_days": 1}
    assert luna.settings.policies["limits"] == {"loop_messages": 9}
    entry = AuditEntry.objects.latest("pk")
    assert (entry.verb, entry.after) == ("saved retention", {"turns_days": 7, "exports_days": 1})
    for wrong in ({"exports_days": "8"}, {"inbox_days": "3"}, {"turns_days": "0"}, {"turns_days": "many"}):
        assert owner.post(url, wrong).status_code == 200
    luna.settings.refresh_from_db()
    assert luna.settings.policies["retention"] == {"turns_days": 7, "exports_days": 1}
    assert signed_in_as(people["publisher"]).post(url, {"turns_days": "9"}).status_code == 404
    release = publish(tenant=luna, by=COMMAND, sources=sources())
    payload = json.loads(base64.b64decode(json.loads(bytes(release.envelope))["payload"]))
    assert payload["retention"] == {"turns_days": 7}, "what is the control plane's alone stays here"
