"""The restore drill: a real runtime is copied beside its conversations, loses them, and has them back."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from platform_admin.errors import ConflictError, NotThereError
from platform_admin.fleet.actions import deploy, suspend
from platform_admin.fleet.backups.actions import back_up, restore
from platform_admin.fleet.backups.folder_store import FolderStore
from platform_admin.fleet.driver import WantedRuntime
from platform_admin.fleet.drivers.errors import StateUnavailableError
from platform_admin.fleet.drivers.interpreter import ROOT
from platform_admin.fleet.drivers.process import ProcessDriver
from platform_admin.fleet.models import Deployment
from platform_admin.privacy.actions import ask_to_erase
from platform_admin.privacy.models import Erasure
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.models import AuditEntry, Tenant
from tests.containers.phone import Phone
from tests.platform_admin.fleet.watching_a_runtime import wait_until

pytestmark = pytest.mark.django_db

SHELL = CommandActor("test")
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


@pytest.fixture
def driver(tmp_path: Path) -> Iterator[ProcessDriver]:
    driver = ProcessDriver(tmp_path / "tenants")
    yield driver
    driver.close()


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    (tmp_path / "copies").mkdir()
    return FolderStore(tmp_path / "copies")


@pytest.fixture
def wanted(tmp_path: Path) -> WantedRuntime:
    """A whole runtime with a flow of its own, which needs no control plane."""
    written = (ROOT / "tests" / "configs" / "dev_tenant.yaml").read_text()
    configuration = tmp_path / "luna.yaml"
    configuration.write_text(written.replace("tenant_id: my_business", "tenant_id: luna"))
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return WantedRuntime("luna", environment={"TENANT_CONFIG_PATH": str(configuration)}, port=port)


@pytest.fixture
def deployment(luna: Tenant) -> Deployment:
    return deploy(tenant=luna, by=SHELL)


def running(driver: ProcessDriver, wanted: WantedRuntime) -> Phone:
    driver.apply(wanted)
    wait_until(lambda: driver.readiness("luna").ready)
    return Phone(f"http://127.0.0.1:{wanted.port}", "ana")


def stopped(driver: ProcessDriver, deployment: Deployment) -> None:
    suspend(deployment=deployment, by=SHELL)
    driver.stop("luna")


def test_conversations_come_back_as_they_were_when_they_were_copied(
    driver: ProcessDriver, wanted: WantedRuntime, deployment: Deployment, store: FolderStore
) -> None:
    phone = running(driver, wanted)
    phone.say("hola", offers="")
    copied = phone.messages()
    name, dropped = back_up(deployment, states=driver, store=store, now=NOON, by=SHELL)
    assert (str(name), dropped) == ("luna/20260105T120000Z.tar.gz", ())
    phone.say("hola", offers="")
    assert len(phone.messages()) > len(copied)

    with pytest.raises(ConflictError, match="Stop luna first"):
        restore(deployment, wanted, time=None, states=driver, store=store, by=SHELL)
    stopped(driver, deployment)
    assert restore(deployment, wanted, time=None, states=driver, store=store, by=SHELL) == name
    assert running(driver, wanted).messages() == copied
    kept = list(driver.state_folder("luna").glob("state.sqlite3.before-*"))
    assert len(kept) == 1
    assert AuditEntry.objects.filter(verb="restored copy").count() == 1


def test_whoever_was_erased_after_the_copy_does_not_come_back(
    driver: ProcessDriver, wanted: WantedRuntime, deployment: Deployment, store: FolderStore
) -> None:
    phone = running(driver, wanted)
    phone.say("hola", offers="")
    other = Phone(f"http://127.0.0.1:{wanted.port}", "bea")
    other.say("hola", offers="")
    back_up(deployment, states=driver, store=store, now=NOON, by=SHELL)
    stopped(driver, deployment)
    note_erasure(driver.state_folder("luna"), "ana")
    back_up(deployment, states=driver, store=store, now=NOON + timedelta(hours=1), by=SHELL)
    ask_to_erase(tenant=deployment.tenant, contact="c-0123456789ab", by=SHELL)
    Erasure.objects.for_tenant(deployment.tenant).update(state=Erasure.State.DONE)
    # The machine is lost: nothing but the copies tells who was erased.
    driver.remove("luna", keep_volume=False)
    name = restore(deployment, wanted, time="20260105T120000Z", states=driver, store=store, by=SHELL)
    assert name.at == NOON
    assert contacts(driver.state_folder("luna")) == {"bea"}
    asked = Erasure.objects.for_tenant(deployment.tenant).order_by("requested_at")
    assert [(erasure.contact, erasure.state) for erasure in asked] == [
        ("c-0123456789ab", "done"),
        ("c-0123456789ab", "pending"),  # once more since the restore
    ]


def note_erasure(state: Path, contact: str) -> None:
    """As the runtime does it before it erases anything."""
    from runtime.maintenance.erasure_list import FILE_NAME, ErasureList  # noqa: PLC0415 - the other plane's
    from runtime.ports.inbox_store import ContactKey  # noqa: PLC0415 - the same
    from runtime.privacy import PEPPER_KEY  # noqa: PLC0415 - the same

    with closing(sqlite3.connect(state / "state.sqlite3")) as connection:
        (pepper,) = connection.execute("SELECT value FROM runtime_state WHERE key = ?", (PEPPER_KEY,)).fetchone()
        (channel,) = connection.execute(
            "SELECT channel_id FROM conversation WHERE contact_id = ?", (contact,)
        ).fetchone()
    ErasureList(state / FILE_NAME, bytes(pepper)).add(ContactKey(channel, contact), NOON)


def contacts(state: Path) -> set[str]:
    with closing(sqlite3.connect(state / "state.sqlite3")) as connection:
        return {row[0] for row in connection.execute("SELECT contact_id FROM conversation")}


def test_a_copy_that_is_damaged_or_no_copy_is_refused_and_the_state_stays(
    driver: ProcessDriver, wanted: WantedRuntime, deployment: Deployment, store: FolderStore, tmp_path: Path
) -> None:
    phone = running(driver, wanted)
    phone.say("hola", offers="")
    name, _ = back_up(deployment, states=driver, store=store, now=NOON, by=SHELL)
    stopped(driver, deployment)
    before = (driver.state_folder("luna") / "state.sqlite3").read_bytes()
    file = tmp_path / "copies" / str(name)
    whole = file.read_bytes()
    for damaged in (b"", b"no tar", whole[: len(whole) // 2]):
        file.write_bytes(damaged)
        with pytest.raises(StateUnavailableError, match="luna"):
            restore(deployment, wanted, time=None, states=driver, store=store, by=SHELL)
    with pytest.raises(NotThereError, match="There is no copy of luna from 20200101T000000Z"):
        restore(deployment, wanted, time="20200101T000000Z", states=driver, store=store, by=SHELL)
    assert (driver.state_folder("luna") / "state.sqlite3").read_bytes() == before
