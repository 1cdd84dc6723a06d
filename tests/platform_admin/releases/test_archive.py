"""Import and export, and what a hostile archive cannot do."""

from __future__ import annotations

import io
import json
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest

from flow_engine.vocabulary import JSON
from platform_admin.business import actions as business
from platform_admin.business.queries import draft_of
from platform_admin.credentials.actions import set_credential
from platform_admin.errors import HasFaultsError, NotAllowedError
from platform_admin.flows import actions as flows
from platform_admin.flows.models import FlowDraft
from platform_admin.flows.queries import cases_of, main_flow
from platform_admin.knowledge import actions as knowledge
from platform_admin.knowledge.queries import document_of, expectations_of
from platform_admin.releases.actions import publish, save_settings
from platform_admin.releases.archive import ArchiveError, apply_archive, export_tenant, preview, read_archive
from platform_admin.releases.archive.document import FlowText
from platform_admin.releases.archive.limits import MAX_ENTRIES, MAX_ENTRY_BYTES
from platform_admin.releases.models import TenantSettings
from platform_admin.releases.settings_reading import read_settings_file
from platform_admin.releases.sources import store_settings
from platform_admin.tenants.models import AuditEntry, Tenant, User
from tests.platform_admin.business import BROKEN_FLOW, COMMAND, FLOW, KNOWLEDGE, sources

pytestmark = pytest.mark.django_db

MANIFEST = json.dumps({"format": 1})


def archive(files: dict[str, Any], *, manifest: str | None = MANIFEST, mode: int = 0) -> bytes:
    """``mode`` is the Unix mode that the files (not the manifest) claim."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        if manifest is not None:
            file.writestr("frontdesk.json", manifest)
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, mode << 16
            file.writestr(entry, content)
    return buffer.getvalue()


@pytest.fixture
def written(luna: Tenant) -> Tenant:
    """A tenant with something in every part."""
    set_credential(tenant=luna, field="connectors.calendar.api_key", value="canary-0123456789", by=COMMAND)
    settings = "channels: [{type: http_dev}]\nconnectors: {calendar: {type: mock_calendar}}\nbusiness: {name: Luna}\n"
    flow = flows.create_flow(tenant=luna, name="main", by=COMMAND)
    flows.save_draft(flow=flow, text=FLOW, by=COMMAND)
    flows.save_case(flow=flow, name="piezas/a.yaml", text="steps: []", by=COMMAND)
    knowledge.save_draft(tenant=luna, markdown=KNOWLEDGE, by=COMMAND)
    knowledge.expect(tenant=luna, question="¿Abren los sábados?", heading="Horario", by=COMMAND)
    knowledge.expect(tenant=luna, question="¿Hay piscina?", heading="", by=COMMAND)
    document = read_settings_file(settings, file="settings.yaml").document
    assert document is not None
    store_settings(tenant=luna, document=document, by=COMMAND)
    return luna


def test_what_goes_out_comes_in_elsewhere_the_same(written: Tenant, sol: Tenant) -> None:
    content = export_tenant(tenant=written, by=COMMAND)
    knowledge.expect(tenant=sol, question="¿Y esto?", heading="Otra cosa", by=COMMAND)
    knowledge.expect(tenant=sol, question="¿Hay piscina?", heading="Piscina", by=COMMAND)
    apply_archive(tenant=sol, archive=read_archive(content), by=COMMAND)
    assert {(one.question, one.heading) for one in expectations_of(sol)} == {
        ("¿Abren los sábados?", "Horario"),
        ("¿Hay piscina?", ""),
    }
    flow = main_flow(sol)
    assert flow is not None
    assert FlowDraft.objects.for_tenant(sol).get().text == FLOW
    assert cases_of(flow) == {"piezas/a.yaml": "steps: []"}
    document, draft = document_of(sol), draft_of(sol)
    assert document is not None
    assert draft is not None
    assert (document.draft, draft.document) == (KNOWLEDGE, {"name": "Luna"})
    again = export_tenant(tenant=sol, by=COMMAND)
    assert read_archive(again) == read_archive(content)


def test_the_same_drafts_give_the_same_bytes_and_no_secret(written: Tenant) -> None:
    content = export_tenant(tenant=written, by=COMMAND)
    assert export_tenant(tenant=written, by=COMMAND) == content
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert not [name for name in file.namelist() if b"canary" in file.read(name)]


def test_a_preview_says_what_would_change_and_changes_nothing(luna: Tenant) -> None:
    publish(tenant=luna, by=COMMAND, sources=sources())
    before = AuditEntry.objects.count()
    found = read_archive(
        archive({"flows/main.yaml": FLOW.replace("¿Qué desea?", "¿Qué?"), "flows/b.yaml": BROKEN_FLOW})
    )
    seen = preview(tenant=luna, archive=found, by=COMMAND)
    assert [change.in_words() for change in seen.changes] == [
        "Menu says “¡Hola! ¿Qué?” instead of “¡Hola! ¿Qué desea?”.",
        "New conversation b.",
    ]
    assert (seen.flows, seen.faults) == (("main", "b"), ())
    assert [fault.code for fault in seen.flow_faults] == ["F020", "F101"]
    assert AuditEntry.objects.count() == before


def test_an_archive_with_faults_in_its_settings_changes_nothing_at_all(luna: Tenant) -> None:
    before = AuditEntry.objects.count()
    files = {"flows/main.yaml": FLOW, "business.yaml": "hours: {mon: [x]}\n", "settings.yaml": "channels: 1\n"}
    with pytest.raises(HasFaultsError) as refused:
        apply_archive(tenant=luna, archive=read_archive(archive(files)), by=COMMAND)
    assert [fault.file for fault in refused.value.faults] == ["settings.yaml", "business.yaml"]
    assert (main_flow(luna), AuditEntry.objects.count()) == (None, before)


def test_one_that_fails_half_way_changes_nothing_at_all(luna: Tenant) -> None:
    before = AuditEntry.objects.count()
    found = read_archive(archive({"flows/main.yaml": FLOW, "knowledge.md": "".join(f"{n:x}" for n in range(120_000))}))
    with pytest.raises(Exception, match="characters"):
        apply_archive(tenant=luna, archive=found, by=COMMAND)
    assert (main_flow(luna), AuditEntry.objects.count()) == (None, before)


def test_who_may_only_look_exports_and_does_not_import(written: Tenant, people: dict[str, User]) -> None:
    content = export_tenant(tenant=written, by=people["viewer"])
    with pytest.raises(NotAllowedError):
        apply_archive(tenant=written, archive=read_archive(content), by=people["viewer"])
    with pytest.raises(NotAllowedError):
        export_tenant(tenant=written, by=people["stranger"])


OF_WHOM = {
    "a text, by an editor": ({"knowledge.md": "# Sol\n"}, "editor", False),
    "a text, by a publisher": ({"knowledge.md": "# Sol\n"}, "publisher", True),
    "other settings, by a publisher": ({"settings.yaml": "sentences: {busy: Un momento}\n"}, "publisher", False),
    "other settings, by an owner": ({"settings.yaml": "sentences: {busy: Un momento}\n"}, "owner", True),
}


@pytest.mark.parametrize(("files", "role", "may"), OF_WHOM.values(), ids=OF_WHOM.keys())
def test_publishers_restore_and_owners_settings_whoever_calls(
    files: dict[str, str], role: str, may: bool, written: Tenant, people: dict[str, User]
) -> None:
    before, entries = export_tenant(tenant=written, by=COMMAND), AuditEntry.objects.count()
    found = read_archive(archive(files))
    if may:
        apply_archive(tenant=written, archive=found, by=people[role])
        assert AuditEntry.objects.latest("pk").verb == "imported tenant"
        return
    with pytest.raises(NotAllowedError):
        apply_archive(tenant=written, archive=found, by=people[role])
    assert AuditEntry.objects.count() == entries
    assert export_tenant(tenant=written, by=COMMAND) == before


def test_two_numbers_in_another_order_are_other_settings_since_their_secrets_are_kept_by_it(
    luna: Tenant, people: dict[str, User]
) -> None:
    ids = ("1111111111", "2222222222")
    numbers: list[JSON] = [{"type": "whatsapp", "phone_number_id": one, "waba_id": "9876543210"} for one in ids]
    save_settings(tenant=luna, document={"channels": numbers}, by=COMMAND)
    swapped = read_archive(archive({"settings.yaml": json.dumps({"channels": numbers[::-1]})}))
    with pytest.raises(NotAllowedError):
        apply_archive(tenant=luna, archive=swapped, by=people["publisher"])
    assert TenantSettings.objects.for_tenant(luna).get().channels == numbers
    same = read_archive(archive({"settings.yaml": json.dumps({"channels": numbers})}))
    apply_archive(tenant=luna, archive=same, by=people["publisher"])


HOSTILE: dict[str, bytes] = {
    "no zip": b"hello",
    "nothing": b"",
    "half a zip": archive({"knowledge.md": "x"})[:40],
    "no manifest": archive({"knowledge.md": "x"}, manifest=None),
    "another format": archive({}, manifest='{"format": 2}'),
    "a manifest that is no JSON": archive({}, manifest="{"),
    "a file that has no place": archive({"evil.py": "x"}),
    "a link": archive({"knowledge.md": "/etc/passwd"}, mode=stat.S_IFLNK | 0o777),
    "a device": archive({"knowledge.md": "x"}, mode=stat.S_IFCHR | 0o666),
    "a bomb": archive({"knowledge.md": "0" * MAX_ENTRY_BYTES}),
    "a file too long": archive({"knowledge.md": b"".join(bytes([n % 251]) * 7 for n in range(MAX_ENTRY_BYTES // 5))}),
    "too many files": archive({f"flows/f{n}.yaml": "" for n in range(MAX_ENTRIES + 1)}),
    "bytes that are no text": archive({"knowledge.md": b"\xff\xfe\x00"}),
    "a test of no conversation": archive({"flows/main/cases/a.yaml": "steps: []"}),
    "a test outside its folder": archive({"flows/main.yaml": "x", "flows/main/cases/../../a.yaml": "x"}),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_archive_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(ArchiveError) as refused:
        read_archive(content)
    assert refused.value.message.endswith(".")


@pytest.mark.parametrize(
    "questions",
    [
        "question: x\n",
        "- x\n",
        "- {question: x}\n",
        "- {question: '', heading: ''}\n",
        "- {question: x, heading: y, id: 1}\n",
        f"- {{question: x, heading: {'y' * 3000}}}\n",
        "- {question: [x], heading: y}\n",
        "- [\n",
        "- {question: x, heading: ''}\n" * 301,
    ],
    ids=lambda text: text[:30],
)
def test_questions_that_are_none_are_refused_with_a_sentence(questions: str) -> None:
    with pytest.raises(ArchiveError, match=r"^questions\.yaml.*\.$"):
        read_archive(archive({"questions.yaml": questions}))


def test_an_archive_without_questions_leaves_those_that_are_there(written: Tenant) -> None:
    apply_archive(tenant=written, archive=read_archive(archive({"knowledge.md": "# Luna\n"})), by=COMMAND)
    assert len(expectations_of(written)) == 2


def test_a_size_that_the_archive_lies_about_is_counted_anyway() -> None:
    content = bytearray(archive({"knowledge.md": "0" * MAX_ENTRY_BYTES * 2}))
    claimed = (MAX_ENTRY_BYTES * 2).to_bytes(4, "little")
    lie = (10).to_bytes(4, "little")
    while (at := content.find(claimed)) >= 0:
        content[at : at + 4] = lie
    with pytest.raises(ArchiveError):
        read_archive(bytes(content))


def corpus(shared_data: Path) -> list[str]:
    folder = shared_data / "security" / "paths"
    return [line for file in sorted(folder.glob("*.txt")) for line in file.read_text("utf-8", "replace").splitlines()]


def test_no_path_of_the_known_attacks_is_taken(shared_data: Path) -> None:
    names = [name for name in corpus(shared_data) if name.strip() and len(name) < 60_000]
    assert len(names) > 1_000
    for name in names:
        for where in (name, f"flows/{name}", f"flows/main/cases/{name}"):
            try:
                found = read_archive(archive({"flows/main.yaml": "x", where: "x"}))
            except ArchiveError:
                continue
            # What zip calls a folder is passed over.
            assert (dict(found.flows), found.knowledge) == ({"main": FlowText("x")}, None), where


def test_a_tenant_that_never_wrote_anything_can_be_exported(luna: Tenant) -> None:
    business.save_draft(tenant=luna, document={}, by=COMMAND)
    found = read_archive(export_tenant(tenant=luna, by=COMMAND))
    assert (found.flows, found.knowledge, found.business) == ({}, None, None)
