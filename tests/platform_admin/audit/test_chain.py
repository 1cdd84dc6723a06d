"""The trail holds until somebody touches it, and says which entry they touched."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import models, transaction
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from flow_engine.vocabulary import JSONObject
from platform_admin.audit.anchoring import anchor
from platform_admin.audit.verifying import verify
from platform_admin.jobs.models import Job
from platform_admin.tenants import audit
from platform_admin.tenants.audit_digest import PLATFORM, entry_digest
from platform_admin.tenants.audit_erasing import as_ranges, forget_personal_parts
from platform_admin.tenants.models import AuditChain, AuditCheckpoint, AuditEntry, Tenant
from platform_admin.worker.loop import Worker
from platform_admin.worker.registry import JOB_KINDS
from tests.platform_admin.audit.conftest import CONTACT
from tests.platform_admin.business import COMMAND

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


def database_owner() -> models.QuerySet[AuditEntry]:
    """A way around the model, as somebody with a database shell has one."""
    return models.QuerySet(AuditEntry)


def entry(number: int) -> AuditEntry:
    return AuditEntry.objects.get(chain="luna", number=number)


def run(*arguments: str) -> tuple[int, dict[str, Any]]:
    out, code = StringIO(), 0
    try:
        call_command("verify_audit", *arguments, "--json", stdout=out)
    except CommandError as ended:
        code = ended.returncode
    return code, json.loads(out.getvalue())


def test_a_trail_that_nobody_touched_holds(trail: Tenant) -> None:
    code, told = run()
    assert (code, told["holds"]) == (0, True)
    assert {chain["chain"]: chain["problems"] for chain in told["chains"]} == {"luna": [], "sol": []}
    assert [chain["entries"] for chain in told["chains"]] == [10, AuditEntry.objects.filter(chain="sol").count()]


def swap(first: int, second: int) -> None:
    one, other = entry(first), entry(second)
    database_owner().filter(pk=one.pk).update(number=1_000)
    database_owner().filter(pk=other.pk).update(number=first)
    database_owner().filter(pk=one.pk).update(number=second)


def insert(number: int | None) -> None:
    row = entry(4)
    AuditEntry.objects.bulk_create(
        [AuditEntry(actor_label="x", tenant=row.tenant, verb="v", subject="s", chain="luna", number=number)]
    )


def shift_and_insert() -> None:
    for row in AuditEntry.objects.filter(chain="luna", number__gte=5).order_by("-number"):
        database_owner().filter(pk=row.pk).update(number=(row.number or 0) + 1)
    insert(5)
    AuditChain.objects.filter(name="luna").update(number=11)


def set_on(number: int, **values: Any) -> Callable[[], object]:
    return lambda: database_owner().filter(pk=entry(number).pk).update(**values)


def delete(*numbers: int) -> Callable[[], object]:
    return lambda: [database_owner().filter(pk=entry(number).pk)._raw_delete("default") for number in numbers]


def cut_with_head() -> None:
    delete(9, 10)()
    AuditChain.objects.filter(name="luna").update(number=8, digest=entry(8).digest)


# what was done → the first problems: (number, fault)
TAMPERED: dict[str, tuple[Callable[[], object], list[tuple[int | None, str]]]] = {
    "another verb": (set_on(5, verb="did not"), [(5, "changed")]),
    "another person": (set_on(5, actor_label="somebody@example.com"), [(5, "changed")]),
    "another time": (set_on(5, at=NOW), [(5, "changed")]),
    "another object": (set_on(5, subject="object 99"), [(5, "changed")]),
    "other details": (set_on(5, details={"n": 99}), [(5, "changed")]),
    "another value before": (set_on(5, before={"name": "Bea"}), [(5, "personal_part")]),
    "another customer": (set_on(6, contact="c-aaaaaaaaaaaa-00"), [(6, "personal_part")]),
    "another salt": (set_on(5, salt="00" * 32), [(5, "personal_part")]),
    "no salt that is one": (set_on(5, salt="x"), [(5, "personal_part")]),
    "a personal part taken out without a word": (
        set_on(6, contact="", before=None, after=None, salt="", erased_at=NOW), [(6, "personal_part")],
    ),
    "one entry removed": (delete(5), [(5, "removed")]),
    "two entries removed": (delete(5, 6), [(5, "removed"), (6, "removed")]),
    "the first one removed": (delete(1), [(1, "removed")]),
    "two entries swapped": (lambda: swap(5, 6), [(5, "changed"), (6, "changed")]),
    "one put in beside the trail": (lambda: insert(None), [(None, "unlinked")]),
    "one put in between": (shift_and_insert, [(5, "changed")]),
    "the end cut off": (delete(9, 10), [(9, "cut_off")]),
    "a digest made to fit what was changed": (
        lambda: (set_on(5, verb="did not")(), set_on(5, digest="0" * 64)()), [(5, "changed")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("tamper", "expected"), TAMPERED.values(), ids=TAMPERED.keys())
def test_what_was_touched_is_named(
    trail: Tenant, tamper: Callable[[], object], expected: list[tuple[int | None, str]]
) -> None:
    tamper()
    code, told = run("--tenant", "luna")
    problems = [(problem["number"], problem["fault"]) for problem in told["chains"][0]["problems"]]
    assert code == 4
    assert problems[: len(expected)] == expected
    assert run("--tenant", "sol")[0] == 0


def test_a_forged_entry_that_fits_itself_does_not_fit_its_place(trail: Tenant) -> None:
    """Every digest of the changed entry is right; the next entry knows better."""
    row = entry(5)
    row.verb = "did not"
    row.digest = entry_digest(row)
    set_on(5, verb=row.verb, digest=row.digest)()
    assert [(problem.number, str(problem.fault)) for problem in verify("luna").problems] == [(6, "moved")]


def test_a_cut_that_also_mends_the_head_is_told_by_a_signed_checkpoint(
    trail: Tenant, settings: Settings, tmp_path: Path
) -> None:
    settings.AUDIT_ANCHOR_FILE = tmp_path / "anchor.jsonl"
    anchor(now=NOW)
    assert run("--tenant", "luna")[1]["chains"][0]["anchored"] == 10
    cut_with_head()
    AuditCheckpoint.objects.all().delete()
    code, told = run("--tenant", "luna")
    assert (code, told["chains"][0]["problems"]) == (4, [{"number": 9, "entry": None, "fault": "cut_off"}])
    settings.AUDIT_ANCHOR_FILE = None
    assert run("--tenant", "luna")[0] == 0, "nothing outside of the database: nobody can know"
    assert run("--tenant", "luna", "--checkpoints", str(tmp_path / "anchor.jsonl"))[0] == 4


def test_a_history_written_anew_is_told_by_a_signed_checkpoint(trail: Tenant) -> None:
    anchor(now=NOW)
    row = entry(10)
    row.verb = "did not"
    row.digest = entry_digest(row)
    set_on(10, verb=row.verb, digest=row.digest)()
    AuditChain.objects.filter(name="luna").update(digest=row.digest)
    assert [(problem.number, str(problem.fault)) for problem in verify("luna").problems] == []
    code, told = run("--tenant", "luna")
    assert (code, told["chains"][0]["problems"]) == (4, [{"number": 10, "entry": None, "fault": "other_history"}])


@pytest.mark.parametrize("change", [{"number": 9}, {"digest": "0" * 64}, {"keyid": "0" * 16}, {"signature": "AAAA"}])
def test_a_checkpoint_that_was_altered_vouches_for_nothing(trail: Tenant, change: dict[str, Any]) -> None:
    anchor(now=NOW)
    AuditCheckpoint.objects.filter(chain="luna").update(**change)
    code, told = run("--tenant", "luna")
    assert (code, told["untrusted"], told["chains"][0]["anchored"]) == (0, 1, None)


def test_a_head_is_signed_once_and_again_when_the_trail_went_on(
    trail: Tenant, settings: Settings, tmp_path: Path
) -> None:
    settings.AUDIT_ANCHOR_FILE = tmp_path / "anchor.jsonl"
    anchor(now=NOW)
    anchor(now=NOW + timedelta(hours=1))
    assert len((tmp_path / "anchor.jsonl").read_text().splitlines()) == 2
    audit.record(by=COMMAND, verb="did", subject="more", tenant=trail)
    anchor(now=NOW + timedelta(hours=2))
    lines = [json.loads(line) for line in (tmp_path / "anchor.jsonl").read_text().splitlines()]
    assert [(line["chain"], line["number"]) for line in lines][-1] == ("luna", 11)
    assert (tmp_path / "anchor.jsonl").stat().st_mode & 0o077 == 0


def test_forgetting_a_customer_leaves_the_chain_whole_and_no_trace_of_them(trail: Tenant) -> None:
    digests = list(AuditEntry.objects.filter(chain="luna").values_list("digest", flat=True))
    numbers = forget_personal_parts(tenant=trail, contact=CONTACT, now=NOW)
    details: JSONObject = {"entries": numbers}
    audit.record(by=COMMAND, verb="erased contact", subject="x", tenant=trail, details=details)
    code, told = run("--tenant", "luna")
    assert (code, told["chains"][0]["problems"]) == (0, [])
    assert told["chains"][0]["erased"] == AuditEntry.objects.filter(chain="luna", erased_at=NOW).count() > 0
    assert [*AuditEntry.objects.filter(chain="luna").values_list("digest", flat=True)][1:] == digests
    assert CONTACT not in str(list(AuditEntry.objects.values()))


def test_nothing_can_be_put_back_into_what_was_forgotten(trail: Tenant) -> None:
    numbers = forget_personal_parts(tenant=trail, contact=CONTACT, now=NOW)
    audit.record(by=COMMAND, verb="erased contact", subject="x", tenant=trail, details={"entries": numbers})
    forgotten = AuditEntry.objects.filter(chain="luna", salt="").order_by("number").first()
    assert forgotten is not None
    database_owner().filter(pk=forgotten.pk).update(after={"name": "somebody else"})
    problems = [(problem.number, str(problem.fault)) for problem in verify("luna").problems]
    assert problems == [(forgotten.number, "personal_part")]


def test_what_belongs_to_no_tenant_has_a_chain_of_its_own(trail: Tenant) -> None:
    audit.record(by=COMMAND, verb="rotated", subject="keys")
    assert run("--tenant", PLATFORM)[1]["chains"][0]["entries"] == 1
    database_owner().filter(chain=PLATFORM).update(verb="did not rotate")
    assert run()[0] == 4


def test_what_a_failed_action_wrote_is_not_in_the_chain(trail: Tenant) -> None:
    with transaction.atomic():
        audit.record(by=COMMAND, verb="tried", subject="x", tenant=trail)
        transaction.set_rollback(True)
    audit.record(by=COMMAND, verb="did", subject="x", tenant=trail)
    assert verify("luna").problems == []
    assert AuditChain.objects.get(name="luna").number == 11


def test_the_worker_verifies_daily_and_a_trail_that_does_not_hold_is_a_job_that_fails(trail: Tenant) -> None:
    def step() -> None:
        Worker([kind for kind in JOB_KINDS if kind.name == "verify_audit"], holder="a", now=lambda: NOW).step()

    step()
    done = Job.objects.get(kind="verify_audit")
    assert (done.state, done.told.endswith("entries")) == ("done", True)
    set_on(5, verb="did not")()
    Job.objects.all().delete()
    step()
    failed = Job.objects.get(kind="verify_audit")
    assert (failed.state, failed.attempts) == ("waiting", 1)
    assert "luna: entry 5 (row" in failed.told


@given(st.sets(st.integers(1, 60)))
def test_ranges_say_exactly_the_numbers(numbers: set[int]) -> None:
    ranges: Any = as_ranges(sorted(numbers))
    assert {number for first, last in ranges for number in range(first, last + 1)} == numbers
