"""What an operator hands in and no command can take: said in one sentence, with 2, and nothing is changed."""

from __future__ import annotations

import io
import sys
import zipfile
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command, get_commands, load_command_class

from platform_admin.releases.archive import export_tenant
from platform_admin.releases.models import LONGEST_NOTE
from platform_admin.tenants.models import LONGEST_LABEL, Tenant
from platform_admin.tenants.operator_command import OperatorCommand
from tests.platform_admin.business import COMMAND
from tests.platform_admin.commands_of_operators.test_every_command import dump

pytestmark = pytest.mark.django_db

NO_TEXT = b"\x8f\xff\x00 none of UTF-8"
OF_A_CRASH = b'{"type": "erasure", "tenant": "luna", "contact": "c-\xc3'
MANY = "9" * 13


@pytest.fixture
def folder(luna: Tenant, tmp_path: Path) -> Path:
    (tmp_path / "binary").write_bytes(NO_TEXT)
    (tmp_path / "other.json").write_text('{"type": "something else"}\n')
    (tmp_path / "there").write_text("somebody's")
    (tmp_path / "nul.yaml").write_text("id: luna\nname: \0\n")
    with zipfile.ZipFile(tmp_path / "nul.zip", "w") as archive:
        archive.writestr("frontdesk.json", '{"format": 1}')
        archive.writestr("knowledge.md", "# \0\n")
    whole = export_tenant(tenant=luna, by=COMMAND)
    (tmp_path / "damaged.zip").write_bytes(whole[:80] + bytes([whole[80] ^ 0xFF]) + whole[81:])
    return tmp_path


HANDED_IN: dict[str, tuple[list[str], int, str]] = {
    "a password that is no text": (
        ["bootstrap", "--email", "a@example.com", "--password-file", "{}/binary"],
        2,
        "The password file is not text in UTF-8.",
    ),
    "checkpoints that are none": (
        ["verify_audit", "--checkpoints", "{}/binary"],
        2,
        "{}/binary: There is no checkpoint in it.",
    ),
    "a list of the erased that is no text": (
        ["erase_contact", "luna", "--again-since", "2026-01-01", "--listed", "{}/binary"],
        2,
        "{}/binary: This is no copy of AUDIT_ANCHOR_FILE. Nobody was asked for.",
    ),
    "a list of the erased that is another file": (
        ["erase_contact", "luna", "--again-since", "2026-01-01", "--listed", "{}/other.json"],
        2,
        "{}/other.json: This is no copy of AUDIT_ANCHOR_FILE. Nobody was asked for.",
    ),
    "a damaged archive": (["import_tenant", "luna", "{}/damaged.zip"], 1, "This is no zip archive that can be read."),
    "a conversation that cannot be stored": (
        ["import_flow", "luna", "{}/nul.yaml"],
        2,
        "{}/nul.yaml:2: The character U+0000 cannot be stored. Delete it.",
    ),
    "an FAQ that cannot be stored": (
        ["publish", "luna", "--knowledge", "{}/nul.yaml"],
        2,
        "{}/nul.yaml:2: The character U+0000 cannot be stored. Delete it.",
    ),
    "an archive that cannot be stored": (
        ["import_tenant", "luna", "{}/nul.zip"],
        1,
        "'knowledge.md' holds a character that cannot be stored (U+0000).",
    ),
    "tests in no folder": (
        ["import_flow", "luna", "{}/there", "--cases", "{}/nothing"],
        2,
        "{}/nothing: This is no folder.",
    ),
    "a file that is there": (
        ["export_contact", "luna", "c-1", "{}/there"],
        2,
        "{}/there: It is there already. Nobody was asked.",
    ),
    "a folder that is not there": (
        ["export_contact", "luna", "c-1", "{}/no/file"],
        2,
        "{}/no/file: Its folder is not there. Nobody was asked.",
    ),
}


@pytest.mark.parametrize(("command", "code", "said"), HANDED_IN.values(), ids=HANDED_IN)
def test_a_file_that_cannot_be_taken_is_said_and_changes_nothing(
    command: list[str], code: int, said: str, folder: Path
) -> None:
    before = dump()
    with pytest.raises(CommandError) as refused:
        call_command(*(part.format(folder) for part in command), stdout=StringIO())
    assert (refused.value.returncode, str(refused.value)) == (code, said.format(folder))
    assert dump() == before
    assert (folder / "there").read_text() == "somebody's"


TYPED: dict[str, tuple[list[str], str]] = {
    "no moment": (
        ["erase_contact", "luna", "--again-since", "yesterday"],
        "a moment such as 2026-11-29T04:00+00:00, not 'yesterday'",
    ),
    "a grace that is over before it begins": (
        ["delete_tenant", "luna", "--confirm", "luna", "--grace-days=-1"],
        "a whole number from 0 to 3650, not '-1'",
    ),
    "a grace for ever": (
        ["delete_tenant", "luna", "--confirm", "luna", "--grace-days", MANY],
        f"a whole number from 0 to 3650, not '{MANY}'",
    ),
    "a grace in words": (
        ["delete_tenant", "luna", "--confirm", "luna", "--grace-days", "two"],
        "a whole number from 0 to 3650, not 'two'",
    ),
    "a token that has ended": (
        ["issue_runtime_token", "luna", "--expires-in-days=-3"],
        "a whole number from 1 to 3650, not '-3'",
    ),
    "an end before now": (
        ["issue_runtime_token", "luna", "--retire-others-after=-1"],
        "a whole number from 0 to 8760, not '-1'",
    ),
    "a label without end": (
        ["issue_runtime_token", "luna", "--label", "x" * (LONGEST_LABEL + 1)],
        "81 characters, 80 fit",
    ),
    "a note without end": (["publish", "luna", "--note", "x" * (LONGEST_NOTE + 1)], "201 characters, 200 fit"),
    "a note of a way back": (["rollback", "luna", "--note", "x" * (LONGEST_NOTE + 1)], "201 characters, 200 fit"),
    "days of no calendar": (
        ["credential_uses", "luna", "--days", MANY],
        f"a whole number from 1 to 3650, not '{MANY}'",
    ),
    "a kind that is none": (["revert_version", "luna", "main", "1"], "(choose from 'conversation', 'faq', 'hours')"),
}


@pytest.mark.parametrize(("command", "said"), TYPED.values(), ids=TYPED)
def test_the_parser_says_what_would_do_and_nothing_is_begun(command: list[str], said: str, luna: Tenant) -> None:
    before = dump()
    with pytest.raises(CommandError) as refused:
        call_command(*command, stdout=StringIO())
    assert str(refused.value).startswith("Error: argument ")
    assert str(refused.value).endswith(said)
    assert dump() == before


def test_a_secret_that_is_no_text_is_not_stored(luna: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(NO_TEXT), encoding="utf-8", errors="surrogateescape"))
    before = dump()
    with pytest.raises(CommandError, match="not text in UTF-8; nothing was changed") as refused:
        call_command("set_credential", "luna", "connectors.llm.api_key", stdout=io.StringIO())
    assert (refused.value.returncode, dump()) == (2, before)


def test_a_line_that_a_crash_cut_within_a_character_hides_no_other(luna: Tenant, tmp_path: Path) -> None:
    kept = tmp_path / "kept.jsonl"
    kept.write_bytes(b'{"type": "erasure", "tenant": "another"}\n' + OF_A_CRASH)
    out = StringIO()
    call_command("erase_contact", "luna", "--again-since", "2026-01-01", "--listed", str(kept), stdout=out)
    assert "for 0 erasures" in out.getvalue()


def test_an_empty_queue_is_told_in_words() -> None:
    out = StringIO()
    call_command("run_worker", "--once", "--dry-run", stdout=out)
    assert out.getvalue() == "Nothing is due.\nThis was a trial: nothing was changed.\n"


def test_a_code_of_its_own_brings_no_error_without_words(capsys: pytest.CaptureFixture[str]) -> None:
    command = load_command_class(get_commands()["doctor"], "doctor")
    assert isinstance(command, OperatorCommand)
    command.by_shell = True
    with pytest.raises(SystemExit) as ended:
        call_command(command, "--offline", stdout=StringIO())
    assert (ended.value.code, capsys.readouterr().err) == (4, "")
