"""The way of docs/operations.md to dump the control plane's database and to have it back, gone on a real PostgreSQL."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from flow_engine.bundle.signing import SigningKey
from platform_admin.audit.anchoring import anchor
from platform_admin.jobs.actions import lead
from platform_admin.privacy.models import Erasure
from platform_admin.releases.actions import publish
from platform_admin.releases.queries import live_release
from platform_admin.tenants.models import Tenant
from tests.platform_admin.business import COMMAND, provisioned, sources
from tests.platform_admin.reports import HEARTBEAT, report, send

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

GUIDE = Path(__file__).parents[2] / "docs" / "operations.md"
DEBIAN_FOLDER = Path("/usr/lib/postgresql")
CONTACT = "c-5f1c0a9be2d4-41"
RESTORED = "restored"


def guided(program: str) -> list[str]:
    """The lines of the guide that call ``program``, without what is said about them."""
    return re.findall(rf"^ *({program} .*?)(?: +#.*)?$", GUIDE.read_text(), re.MULTILINE)


def in_shell(line: str, folder: Path) -> None:
    """As somebody would type it."""
    versions = [path.parent for path in DEBIAN_FOLDER.glob("*/bin/pg_dump")]
    newest = max(versions, key=lambda path: int(path.parent.name), default=None)
    path = os.environ["PATH"] if newest is None else f"{newest}:{os.environ['PATH']}"
    urls = {"DATABASE_URL": url(str(connection.settings_dict["NAME"])), "RESTORED_URL": url(RESTORED)}
    done = subprocess.run(
        ["/bin/sh", "-c", line], cwd=folder, env={"PATH": path, **urls}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, ""), line


def url(database: str) -> str:
    at = connection.settings_dict
    return f"postgres://{at['USER']}@{at['HOST']}:{at['PORT']}/{database}"


@contextmanager
def on(database: str) -> Iterator[None]:
    """Everything of this process asks ``database``."""
    before = str(connection.settings_dict["NAME"])
    _go_to(database)
    try:
        yield
    finally:
        _go_to(before)


def _go_to(database: str) -> None:
    here = connections[DEFAULT_DB_ALIAS]
    assert isinstance(here, DatabaseWrapper)
    here.close()
    here.close_pool()  # its connections are to the one before
    here.settings_dict["NAME"] = database


@pytest.fixture
def nothing_restored() -> Iterator[None]:
    yield
    with psycopg.connect(url(str(connection.settings_dict["NAME"])), autocommit=True) as session:
        session.execute(f"DROP DATABASE IF EXISTS {RESTORED} WITH (FORCE)")


@dataclass(frozen=True, slots=True)
class Lost:
    """What the machine leaves behind: a dump in ``folder``, the file of anchors, and a runtime with its token."""

    folder: Path
    dumped_at: datetime
    anchors: Path
    token: str


@pytest.fixture
def lost(tmp_path: Path, settings: Settings, nothing_restored: None) -> Lost:
    """Two releases and a dump; then another release, and a customer who was erased."""
    del nothing_restored
    settings.SIGNING_KEY_FILE = tmp_path / "signing_key.pem"
    settings.SIGNING_KEY_FILE.write_bytes(SigningKey.from_seed(b"the key of this test, none else.").to_pem())
    settings.SIGNING_KEY_FILE.chmod(0o600)
    settings.AUDIT_ANCHOR_FILE = tmp_path / "audit_anchor.jsonl"
    luna = provisioned("luna", name="Peluquería Luna")
    for _ in range(2):
        publish(tenant=luna.tenant, by=COMMAND, sources=sources())
    anchor(now=timezone.now())
    dumped_at = timezone.now()
    for line in (*guided("pg_dump"), *guided("pg_restore --list")):
        in_shell(line, tmp_path)
    publish(tenant=luna.tenant, by=COMMAND, sources=sources())
    now = timezone.now()
    Erasure.objects.create(tenant=luna.tenant, contact=CONTACT, requested_at=now, state="done", finished_at=now)
    anchor(now=now)
    anchors = settings.AUDIT_ANCHOR_FILE
    settings.AUDIT_ANCHOR_FILE = None
    return Lost(tmp_path, dumped_at, anchors, luna.secrets.token)


def told(*arguments: str) -> tuple[dict[str, Any], int]:
    out, code = StringIO(), 0
    try:
        call_command(*arguments, "--json", stdout=out)
    except CommandError as error:
        code = error.returncode
    return json.loads(out.getvalue()), code


def runtime_reports(token: str, *, serial: int) -> None:
    now = timezone.now().isoformat()
    beat = {**HEARTBEAT, "at": now, "last_inbound_at": now, "serial": serial}
    assert send(Client(), token, report(heartbeat=beat)).status_code == 200


def unwell() -> list[tuple[str, str, str]]:
    found, _ = told("doctor", "--offline")
    return [(line["check"], line["says"], line["remedy"]) for line in found["findings"] if line["verdict"] != "good"]


def test_the_database_comes_back_from_its_dump_and_the_runtimes_ahead_of_it_are_passed(lost: Lost) -> None:
    for line in (*guided("psql"), *guided("pg_restore --exit-on-error")):
        in_shell(line, lost.folder)
    with on(RESTORED):
        call_command("migrate", "--check", verbosity=0)
        assert told("verify_audit")[1] == 0
        later, code = told("verify_audit", "--checkpoints", str(lost.anchors))
        faults = {problem["fault"] for chain in later["chains"] for problem in chain["problems"]}
        assert (code, faults) == (4, {"cut_off"})  # the trail ends at the dump, and this says so

        again = f"{lost.dumped_at:%Y-%m-%dT%H:%M+00:00}"
        told("erase_contact", "luna", "--again-since", again, "--listed", str(lost.anchors))
        tenant = Tenant.objects.get(slug="luna")
        assert [row.contact for row in Erasure.objects.for_tenant(tenant)] == [CONTACT]

        lead(holder="worker", now=timezone.now())
        runtime_reports(lost.token, serial=3)
        says, remedy = "It has release 3, live is 2: this database is older than what it was told.", "manage.py publish"
        assert [(check, text, remedy in mend) for check, text, mend in unwell()] == [("bundle", says, True)]
        publish(tenant=tenant, by=COMMAND, sources=sources())
        live = live_release(tenant)
        assert live is not None
        assert live.serial == 4
        runtime_reports(lost.token, serial=4)
        assert unwell() == []


def test_a_dump_that_was_cut_off_is_refused_and_leaves_nothing_behind(lost: Lost) -> None:
    dump = lost.folder / "frontdesk.dump"
    dump.write_bytes(dump.read_bytes()[:-1000])  # in the rows, when the tables are made
    for line in guided("psql"):
        in_shell(line, lost.folder)
    for line in guided("pg_restore --exit-on-error"):
        with pytest.raises(AssertionError, match="pg_restore"):
            in_shell(line, lost.folder)
    with psycopg.connect(url(RESTORED)) as session:
        found = session.execute("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'")
        assert found.fetchone() == (0,)
