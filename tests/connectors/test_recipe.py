"""The recipe of docs/connectors.md, followed word by word in a copy of the package."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RECIPE = (ROOT / "docs" / "connectors.md").read_text(encoding="utf-8").partition("## A provider in an hour")[2]
FOLDER = "connectors/notification/ntfy"

_FILE = re.compile(rf"`({FOLDER}/[\w.]+)`:\n\n```\w+\n(.*?)```", re.DOTALL)
_README = re.compile(r"```markdown\n(.*?)```", re.DOTALL)
_LISTED = re.compile(r'^    "ntfy": ".*",$', re.MULTILINE)

TRIAL = """
import asyncio, json, sys
from connectors.catalog import find_manifests, read_schema
from connectors.errors import UnauthorizedError
from connectors.kernel.egress.policy import THIS_MACHINE
from connectors.port import ConnectorCall
from connectors.registry import ConnectorRegistry, probe_block
from datetime import UTC, datetime

heard = []

async def serve(reader, writer):
    head = (await reader.readuntil(b"\\r\\n\\r\\n")).decode().lower()
    length = int(head.partition("content-length:")[2].split("\\r\\n")[0] or 0)
    body = await reader.readexactly(length)
    known = "authorization: bearer tk_0123456789" in head
    heard.append((head.split(" http/")[0], body.decode(), "x-sequence-id: c:1:0" in head))
    status = "200 OK" if known else "401 Unauthorized"
    writer.write(f"HTTP/1.1 {status}\\r\\ncontent-length: 2\\r\\nconnection: close\\r\\n\\r\\n{{}}".encode())
    writer.close()

async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    block = {"type": "ntfy", "base_url": url, "topic": "my-salon", "token": "tk_0123456789"}
    registry = ConnectorRegistry.from_config({"notification": block}, egress=THIS_MACHINE)
    call = ConnectorCall("notify", {"text": "Ana waits"}, "c:1:0", "ana", datetime(2026, 11, 29, tzinfo=UTC))
    await registry.invoke("notification", call)
    await registry.close()
    good = await probe_block("notification", block, egress=THIS_MACHINE)
    bad = await probe_block("notification", {**block, "token": "tk_wrong_000"}, egress=THIS_MACHINE)
    secret = read_schema(find_manifests()["ntfy"])["properties"]["token"]["writeOnly"]
    print(json.dumps([heard, good.status, bad.status, secret]))
    server.close()

asyncio.run(main())
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The package as it is, with what the recipe adds."""
    for package in ("connectors", "flow_engine"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    files = dict(_FILE.findall(RECIPE))
    assert set(files) == {f"{FOLDER}/{name}" for name in ("manifest.json", "config.py", "adapter.py")}
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "__init__.py").write_text('"""Notices through an ntfy server."""\n', encoding="utf-8")
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    readme = _README.search(RECIPE)
    assert readme is not None
    (tmp_path / FOLDER / "README.md").write_text(readme[1], encoding="utf-8")
    listed = _LISTED.search(RECIPE)
    assert listed is not None
    providers = tmp_path / "connectors" / "providers.py"
    text = providers.read_text(encoding="utf-8")
    before = '    "mock_notification":'
    assert before in text
    providers.write_text(text.replace(before, f"{listed[0]}\n{before}", 1), encoding="utf-8")
    return tmp_path


def run(copy: Path, *arguments: str) -> str:
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=copy, env={"PYTHONPATH": str(copy)}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_who_follows_the_recipe_has_a_provider(copy: Path) -> None:
    run(copy, "-m", "connectors.catalog", "write")
    assert (copy / FOLDER / "config.schema.json").is_file()
    heard, good, bad, secret = json.loads(run(copy, "-c", TRIAL))
    asked = ["get /my-salon/auth", "", False]
    assert heard == [["post /my-salon", "Ana waits", True], asked, asked]
    assert (good, bad, secret) == ("works", "faulty", True)


def test_what_the_recipe_writes_is_in_the_house_style(copy: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", copy / "pyproject.toml")
    ruff = str(Path(sys.executable).with_name("ruff"))
    for check in (("check",), ("format", "--check")):
        done = subprocess.run([ruff, *check, FOLDER], cwd=copy, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
