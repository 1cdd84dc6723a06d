"""Every command of an operator: says what it does, speaks JSON, and with ``--dry-run`` changes no row and no file."""

from __future__ import annotations

import argparse
import base64
import io
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command, get_commands, load_command_class
from django.db import models
from django.utils import timezone
from pytest_django import Settings

from flow_engine.bundle.signing import SigningKey
from platform_admin.jobs.actions import enqueue
from platform_admin.releases.actions import publish
from platform_admin.releases.archive import export_tenant
from tests.platform_admin.business import COMMAND, FLOW, provisioned, sources
from tests.platform_admin.sight.seeded import CONTACT

pytestmark = pytest.mark.django_db

# command → its arguments (with {folder} for an empty folder), and whether it changes anything
COMMANDS: dict[str, tuple[list[str], bool]] = {
    "bootstrap": (["--email", "first@example.com"], True),
    "provision_tenant": (["nova", "--name", "Nova", "--output-dir", "{folder}/nova"], True),
    "suspend_tenant": (["luna", "--reason", "x"], True),
    "delete_tenant": (["luna", "--confirm", "luna", "--grace-days", "0"], True),
    "publish": (["luna", "--note", "x"], True),
    "rollback": (["luna", "--to", "1"], True),
    "rotate_keys": ([], True),
    "rotate_signing_key": (["prepare"], True),
    "rotate_tenant_key": (["luna", "--output-file", "{folder}/keys"], True),
    "issue_runtime_token": (["luna", "--output-file", "{folder}/token", "--retire-others-after", "0"], True),
    "tenants": ([], False),
    "doctor": (["--offline"], False),
    "import_flow": (["luna", "{given}/flow.yaml"], True),
    "export_tenant": (["luna", "{folder}/luna.zip"], True),
    "import_tenant": (["luna", "{given}/luna.zip"], True),
    "export_contact": (["luna", CONTACT, "{folder}/contact.zip", "--wait", "0"], True),
    "erase_contact": (["luna", CONTACT, "--wait", "0"], True),
    "verify_audit": ([], False),
    "run_worker": (["--once"], True),
    "diff_versions": (["luna", "conversation", "1", "2"], False),
    "revert_version": (["luna", "conversation", "1"], True),
    "set_credential": (["luna", "connectors.llm.api_key"], True),
    "credential_uses": (["luna"], False),
}
CHANGING = [name for name, (_, changes) in COMMANDS.items() if changes]

# What a command cannot do in this business: nothing to do with --dry-run.
CODES = {"doctor": {0, 3, 4}}


@pytest.fixture
def place(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A business with two releases, files to hand in, and an empty folder for what comes out."""
    given, folder, keys = tmp_path / "given", tmp_path / "out", tmp_path / "keys"
    for each in (given, folder, keys):
        each.mkdir()
    settings.SIGNING_KEY_FILE = keys / "signing_key.pem"
    settings.SIGNING_KEY_FILE.write_bytes(SigningKey.from_seed(b"the first key of this test......").to_pem())
    luna = provisioned("luna").tenant
    for text in (FLOW, FLOW.replace("Horario", "Horas")):
        publish(tenant=luna, by=COMMAND, sources=sources(text))
    (given / "flow.yaml").write_text(FLOW.replace("Horario", "Cuándo"))
    (given / "luna.zip").write_bytes(export_tenant(tenant=luna, by=COMMAND))
    monkeypatch.setattr("sys.stdin", io.StringIO("a secret of sixteen characters"))
    return {"given": str(given), "folder": str(folder)}


def run(name: str, arguments: list[str], place: dict[str, str], *more: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command(name, *(part.format(**place) for part in arguments), *more, stdout=out, stderr=StringIO())
    except CommandError as ended:
        return ended.returncode, out.getvalue()
    return 0, out.getvalue()


def dump() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, sessions and migrations' own tables included."""
    return {
        model._meta.label: [
            {key: bytes(value) if isinstance(value, memoryview) else value for key, value in row.items()}
            for row in models.QuerySet(model).order_by("pk").values()
        ]
        for model in apps.get_models()
        if not model._meta.proxy
    }


def files(place: dict[str, str], settings: Settings) -> dict[str, str]:
    roots = (Path(place["folder"]), Path(place["given"]), settings.SIGNING_KEY_FILE.parent)
    return {
        str(path): base64.b64encode(path.read_bytes()).decode()
        for root in roots
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def options_of(name: str) -> set[str]:
    command = load_command_class(get_commands()[name], name)
    parser = command.create_parser("manage.py", name)
    return {option for action in parser._actions for option in action.option_strings}


@pytest.mark.parametrize("name", COMMANDS)
def test_it_says_what_it_does_and_with_which_arguments(name: str) -> None:
    command = load_command_class(get_commands()[name], name)
    parser = command.create_parser("manage.py", name)
    assert len(str(command.help)) > 40
    own = [action for action in parser._actions if not isinstance(action, argparse._HelpAction)]
    assert [action.dest for action in own if not action.help] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_it_speaks_json(name: str, place: dict[str, str], settings: Settings) -> None:
    arguments, changes = COMMANDS[name]
    assert "--json" in options_of(name)
    code, printed = run(name, arguments, place, "--json", *(["--dry-run"] if changes else []))
    assert isinstance(json.loads(printed), dict)
    assert code in CODES.get(name, {0})


@pytest.mark.parametrize("name", CHANGING)
def test_a_trial_leaves_every_row_and_every_file_as_it_was(
    name: str, place: dict[str, str], settings: Settings
) -> None:
    arguments, _ = COMMANDS[name]
    before, kept = dump(), files(place, settings)
    code, _printed = run(name, arguments, place, "--dry-run")
    assert (code, files(place, settings)) == (0, kept)
    after = dump()
    assert {label for label, rows in after.items() if rows != before[label]} == set()


@pytest.mark.parametrize("name", sorted(set(CHANGING) - {"run_worker", "export_contact", "erase_contact"}))
def test_the_same_without_trial_does_change_something(name: str, place: dict[str, str], settings: Settings) -> None:
    """Or else the test above would prove nothing."""
    arguments, _ = COMMANDS[name]
    before, kept = dump(), files(place, settings)
    code, _printed = run(name, arguments, place)
    assert code == 0
    assert (dump(), files(place, settings)) != (before, kept)


ABOUT_A_TENANT = [name for name, (arguments, _) in COMMANDS.items() if "luna" in arguments]


@pytest.mark.parametrize("name", ABOUT_A_TENANT)
def test_a_tenant_that_is_not_there_is_refused_and_nothing_changes(name: str, place: dict[str, str]) -> None:
    before = dump()
    code, _printed = run(name, ["nobody" if part == "luna" else part for part in COMMANDS[name][0]], place)
    assert (code, dump()) == (1, before)


def test_a_worker_lists_what_is_due_and_leaves_it(place: dict[str, str]) -> None:
    enqueue(kind="watch", key="now", due_at=timezone.now())
    code, printed = run("run_worker", ["--once"], place, "--dry-run", "--json")
    assert (code, json.loads(printed)["due"]) == (0, [{"kind": "watch", "key": "now"}])
