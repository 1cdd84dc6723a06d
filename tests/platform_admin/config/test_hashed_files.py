"""Static files as production serves them: collected as its image collects them, named by content, kept for good."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from tests.e2e.child import clean_environment

ROOT: Final = Path(__file__).parents[3]
PARTS: Final = ("manage.py", "pyproject.toml", "connectors", "flow_engine", "flows", "platform_admin")
"""What deploy/docker/control-plane.Dockerfile copies."""

HASHED: Final = re.compile(r"/static/[\w./-]+\.[0-9a-f]{12}\.[a-z0-9]+")
FOR_GOOD: Final = "max-age=315360000, public, immutable"

_ASK: Final = """
import json, re
import django
django.setup()
from django.core.management import call_command
from django.test import Client
from platform_admin.releases.actions import publish
from platform_admin.releases.provisioning import provision
from platform_admin.releases.sources import Sources, SourceText
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.models import Membership, Role, User
call_command("migrate", verbosity=0)
by = CommandActor("test")
luna, _ = provision(slug="luna", name="Luna", language="es", timezone="Europe/Madrid", channel="http_dev", by=by)
flow = SourceText(open("flows/peluqueria_flow.yaml").read(), "flow.yaml")
bound = "channels: [{type: http_dev}]\\nconnectors: {calendar: {type: mock_calendar}}\\n"
publish(tenant=luna, by=by, sources=Sources(flow=flow, knowledge="# FAQ", settings=SourceText(bound, "s.yaml")))
owner = User.objects.create_user("luna@example.com", "a long enough password", is_staff=True)
Membership.objects.create(user=owner, tenant=luna, role=Role.OWNER)
operator = User.objects.create_superuser("operator@example.com", "a long enough password")
told = {"pages": {}, "files": {}}
for who, addresses in PAGES.items():
    client = Client(SERVER_NAME="localhost")
    if who != "nobody":
        client.force_login({"owner": owner, "operator": operator}[who])
    for address in addresses:
        answer = client.get(address)
        named = re.findall(r'''(?:src|href)=["'](/static/[^"']+)["']''', answer.content.decode())
        told["pages"][address] = {"status": answer.status_code, "named": named}
        for name in named:
            if name not in told["files"]:
                file = client.get(name)
                content = b"".join(file).decode(errors="replace") if name.endswith((".js", ".css")) else ""
                told["files"][name] = {
                    "status": file.status_code, "kept": file.headers.get("Cache-Control", ""),
                    "imports": re.findall(r'(?:from|import) ?"(\\./[^"]+)"', content),
                }
print(json.dumps(told))
"""

PAGES: Final[dict[str, list[str]]] = {
    "nobody": ["/sign-in/", "/forgotten/"],
    "owner": [
        "/account/", "/team/luna/", "/admin/connect/luna/", "/admin/connect/luna/whatsapp/",
        *(f"/admin/authoring/luna/{page}" for page in (
            "", "conversation/", "faq/", "hours/", "tests/", "customers/", "releases/", "publish/", "copy/", "start/",
        )),
        *(f"/admin/sight/luna/{page}" for page in ("", "conversations/", "health/", "releases/", "privacy/")),
    ],
    "operator": ["/admin/", "/admin/tenants/tenant/", "/admin/knowledge/knowledgedocument/add/"],
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    pages: dict[str, Any]
    files: dict[str, Any]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """What the program answers that was copied and collected as in its image."""
    program = tmp_path_factory.mktemp("program")
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, program / part, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
        else:
            shutil.copy(ROOT / part, program / part)
    environment = clean_environment(
        SKIP_SECOND_FACTOR="true",
        DJANGO_SETTINGS_MODULE="platform_admin.config.settings.base",
        PYTHONDONTWRITEBYTECODE="1",
    )

    def run(*arguments: str) -> str:
        command = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=program, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("manage.py", "init_env")
    run("manage.py", "collectstatic", "--noinput", "--verbosity", "0")
    answered = json.loads(run("-c", f"PAGES = {PAGES!r}\n{_ASK}").splitlines()[-1])
    return Told(answered["pages"], answered["files"])


def test_every_page_names_files_by_their_content(told: Told) -> None:
    assert {address: page["status"] for address, page in told.pages.items() if page["status"] != 200} == {}
    assert {address for address, page in told.pages.items() if not page["named"]} == set()
    named = {name for page in told.pages.values() for name in page["named"]}
    assert {name for name in named if not HASHED.fullmatch(name)} == set()


def test_such_a_file_is_there_and_kept_for_good(told: Told) -> None:
    assert {name: file for name, file in told.files.items() if (file["status"], file["kept"]) != (200, FOR_GOOD)} == {}


def test_a_script_imports_others_by_their_content_as_well(told: Told) -> None:
    imports = {one for file in told.files.values() for one in file["imports"]}
    assert len(imports) > 1
    assert {one for one in imports if not HASHED.fullmatch(f"/static/{one.removeprefix('./')}")} == set()
