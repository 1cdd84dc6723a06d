"""One customer exported and erased, with a runtime that answers in a thread of its own."""

from __future__ import annotations

import io
import json
import zipfile
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from platform_admin.commands.actions import CommandResult, hand_out, note_results
from platform_admin.commands.kinds import CommandKind
from platform_admin.commands.models import RuntimeCommand
from platform_admin.observability.models import Conversation, DeadLetter, HandOff, ScheduledTask, Turn
from platform_admin.privacy.actions import settle_erasure
from platform_admin.privacy.exports import take_export
from platform_admin.privacy.models import Erasure
from platform_admin.tenants.models import AuditEntry, Tenant
from tests.platform_admin.sight.seeded import CONTACT, seed

pytestmark = pytest.mark.django_db

TABLES = (Turn, Conversation, HandOff, DeadLetter, ScheduledTask)


@pytest.fixture
def runtime(luna: Tenant, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Answers while the command sleeps; ``says`` is what it answers with."""
    answers: dict[str, Any] = {"status": "done", "detail": "", "result": {"remaining": 0}, "archive": None}

    def answer(_seconds: float) -> None:
        for command in hand_out(tenant=luna, now=timezone.now()):
            if answers["archive"] is not None:
                take_export(tenant=luna, command_id=command.public_id, content=answers["archive"], now=timezone.now())
            result = CommandResult(command.public_id, answers["status"], answers["detail"], answers["result"])
            for finished in note_results(tenant=luna, results=[result], now=timezone.now()):
                settle_erasure(finished, now=timezone.now())

    monkeypatch.setattr("time.sleep", answer)
    return answers


def run(command: str, *arguments: object) -> dict[str, Any]:
    out = StringIO()
    call_command(command, *map(str, arguments), "--json", stdout=out)
    told: dict[str, Any] = json.loads(out.getvalue())
    return told


def rows(tenant: Tenant) -> list[int]:
    return [model.objects.for_tenant(tenant).filter(contact=CONTACT).count() for model in TABLES]


def test_a_customer_is_erased_there_and_then_here_with_the_counts_as_proof(
    luna: Tenant, sol: Tenant, runtime: dict[str, Any]
) -> None:
    seed(luna)
    seed(sol)
    before = rows(sol)
    told = run("erase_contact", "luna", CONTACT)
    assert told["runtime"] == {"remaining": 0}
    assert told["here"] == {
        "Turn": 2, "Conversation": 1, "HandOff": 2, "DeadLetter": 1,
        "ScheduledTask": 2, "ContactExport": 0, "RuntimeCommand": 1,
    }  # fmt: skip
    assert rows(luna) == [0] * len(TABLES)
    assert rows(sol) == before
    assert CONTACT not in str(AuditEntry.objects.filter(tenant=luna).values_list("subject", "details"))


def test_what_the_runtime_refuses_is_not_erased_here(luna: Tenant, runtime: dict[str, Any]) -> None:
    seed(luna)
    before = rows(luna)
    runtime.update(status="refused", detail="unknown_contact", result=None)
    codes = []
    for _ in range(3):
        with pytest.raises(CommandError) as ended:
            run("erase_contact", "luna", CONTACT)
        codes.append(ended.value.returncode)
    assert codes == [3, 3, 1]
    assert rows(luna) == before
    erasure = Erasure.objects.for_tenant(luna).get()
    assert (erasure.state, erasure.attempts, erasure.detail) == ("failed", 3, "unknown_contact")


@pytest.mark.parametrize(
    ("said", "told"), [("Nobody of this name has written.", "Nobody of this name has written."), ("", "refused.")]
)
def test_what_the_runtime_refuses_to_export_is_told_as_a_sentence(
    luna: Tenant, runtime: dict[str, Any], tmp_path: Path, said: str, told: str
) -> None:
    runtime.update(status="refused", detail=said, result=None)
    with pytest.raises(CommandError) as ended:
        run("export_contact", "luna", CONTACT, tmp_path / "contact.zip")
    assert (str(ended.value), ended.value.returncode) == (f"The runtime says: {told}", 1)
    assert list(tmp_path.iterdir()) == []


def test_a_runtime_that_does_not_answer_leaves_everything_and_has_its_own_exit_code(
    luna: Tenant, tmp_path: Path
) -> None:
    seed(luna)
    before = rows(luna)
    for command in (["erase_contact", "luna", CONTACT], ["export_contact", "luna", CONTACT, f"{tmp_path}/x.zip"]):
        with pytest.raises(CommandError) as ended:
            run(*command, "--wait", "0")
        assert ended.value.returncode == 3
    assert rows(luna) == before


def test_a_trial_asks_for_nothing_and_removes_nothing(luna: Tenant) -> None:
    seed(luna)
    before = rows(luna)
    run("erase_contact", "luna", CONTACT, "--dry-run")
    assert rows(luna) == before
    assert not RuntimeCommand.objects.for_tenant(luna).filter(kind=CommandKind.ERASE_CONTACT).exists()


def test_an_export_holds_what_both_planes_know_and_is_written_once(
    luna: Tenant, sol: Tenant, runtime: dict[str, Any], tmp_path: Path
) -> None:
    seed(luna)
    seed(sol, mark="canary-of-sol")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("contact.json", "{}")
    runtime["archive"] = buffer.getvalue()
    file = tmp_path / "contact.zip"
    run("export_contact", "luna", CONTACT, file)
    with zipfile.ZipFile(file) as written:
        assert written.testzip() is None
        texts = {name: written.read(name).decode() for name in written.namelist()}
    assert texts["contact.json"] == "{}"
    tables = ["conversation", "deadletter", "handoff", "scheduledtask", "turn"]
    assert sorted(set(texts) - {"contact.json"}) == [f"control_plane/{table}.json" for table in tables]
    assert [turn["heard"] for turn in json.loads(texts["control_plane/turn.json"])] == ["Horario", "hola "]
    assert "canary-of-sol" not in str(texts)
    with pytest.raises(CommandError, match="It is there already"):
        run("export_contact", "luna", CONTACT, file)
