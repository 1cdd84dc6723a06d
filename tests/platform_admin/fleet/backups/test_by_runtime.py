"""Copies that a runtime brings: what is asked of whom, and what is said when there is none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, override

import pytest
from django.utils import timezone

from platform_admin.commands.models import RuntimeCommand
from platform_admin.errors import ConflictError
from platform_admin.fleet.actions import deploy, remove, suspend
from platform_admin.fleet.backups.actions import back_up, restore
from platform_admin.fleet.backups.by_runtime import CopiesByRuntime, what_is_missing
from platform_admin.fleet.backups.folder_store import FolderStore
from platform_admin.fleet.backups.store import CopyName
from platform_admin.fleet.backups.tickets import Way, copy_of
from platform_admin.fleet.configuration import FleetConfiguration
from platform_admin.fleet.driver import WantedRuntime
from platform_admin.fleet.drivers.errors import StateUnavailableError
from platform_admin.privacy.actions import ask_to_erase
from platform_admin.privacy.models import Erasure
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.models import AuditEntry, Tenant

pytestmark = pytest.mark.django_db

SHELL = CommandActor("test")
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
NAME = CopyName("luna", NOON)


class Beside:
    """``RunsBeside`` that notes what it is asked for and has it done by the store."""

    def __init__(self, store: FolderStore | None, file: Path) -> None:
        self._store = store
        self._file = file
        self.asked: list[tuple[WantedRuntime, tuple[str, ...]]] = []

    def run_beside(self, wanted: WantedRuntime, arguments: Sequence[str]) -> None:
        self.asked.append((wanted, tuple(arguments)))
        if self._store is not None and arguments[0] == "backup":
            self._store.put(NAME, self._file)


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    (tmp_path / "copies").mkdir()
    return FolderStore(tmp_path / "copies")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "copy.tar.gz"
    file.write_bytes(b"a copy")
    return file


def test_a_stopped_tenant_is_copied_and_restored_by_its_own_program(
    luna: Tenant, store: FolderStore, file: Path
) -> None:
    deployment = suspend(deployment=deploy(tenant=luna, driver="kubernetes", by=SHELL), by=SHELL)
    beside = Beside(store, file)
    states = CopiesByRuntime(beside, FleetConfiguration(image="runtime:1"))
    assert back_up(deployment, states=states, store=store, now=NOON, by=SHELL) == (NAME, ())
    wanted, (verb, option, ticket) = beside.asked.pop()
    assert (wanted.tenant, wanted.image, verb, option) == ("luna", "runtime:1", "backup", "--hand-over")
    assert copy_of(ticket, Way.IN, tenant=luna) == NAME

    assert restore(deployment, wanted, time=None, states=states, store=store, by=SHELL) == NAME
    again, (verb, option, ticket) = beside.asked.pop()
    assert (again, verb, option) == (wanted, "restore", "--fetch")
    assert copy_of(ticket, Way.OUT, tenant=luna) == NAME
    assert not RuntimeCommand.objects.for_tenant(luna).exists()
    assert AuditEntry.objects.filter(verb="restored copy").count() == 1


class KilledError(Exception):
    """As a process that ends in the middle: nothing after it is done."""


class KilledBeside(Beside):
    @override
    def run_beside(self, wanted: WantedRuntime, arguments: Sequence[str]) -> None:
        super().run_beside(wanted, arguments)
        raise KilledError


def test_a_restore_that_is_cut_off_has_asked_for_the_erasures_already(
    luna: Tenant, store: FolderStore, file: Path
) -> None:
    deployment = suspend(deployment=deploy(tenant=luna, driver="kubernetes", by=SHELL), by=SHELL)
    store.put(NAME, file)
    ask_to_erase(tenant=luna, contact="c-0123456789ab", by=SHELL)
    Erasure.objects.for_tenant(luna).update(state=Erasure.State.DONE)
    states = CopiesByRuntime(KilledBeside(store, file), FleetConfiguration())
    with pytest.raises(KilledError):
        restore(deployment, WantedRuntime("luna"), time=None, states=states, store=store, by=SHELL)
    asked = Erasure.objects.for_tenant(luna).order_by("requested_at")
    assert [(erasure.contact, erasure.state) for erasure in asked] == [
        ("c-0123456789ab", "done"),
        ("c-0123456789ab", "pending"),
    ]
    assert not AuditEntry.objects.filter(verb="restored copy").exists()


def test_what_a_removed_tenant_had_is_neither_copied_nor_put_back(luna: Tenant, store: FolderStore, file: Path) -> None:
    deployment = remove(deployment=deploy(tenant=luna, driver="kubernetes", by=SHELL), by=SHELL)
    store.put(NAME, file)
    beside = Beside(store, file)
    states = CopiesByRuntime(beside, FleetConfiguration())
    told = r"luna is removed\. Have it stopped instead: manage.py fleet stop luna\. Then ask again\."
    with pytest.raises(ConflictError, match=told):
        back_up(deployment, states=states, store=store, now=NOON, by=SHELL)
    with pytest.raises(ConflictError, match=told):
        restore(deployment, WantedRuntime("luna"), time=None, states=states, store=store, by=SHELL)
    assert beside.asked == []


def test_a_copy_that_went_elsewhere_is_no_copy(luna: Tenant, store: FolderStore, file: Path) -> None:
    deployment = suspend(deployment=deploy(tenant=luna, driver="kubernetes", by=SHELL), by=SHELL)
    states = CopiesByRuntime(Beside(None, file), FleetConfiguration())
    with pytest.raises(StateUnavailableError, match="was handed over and is not here; give FLEET_BACKUPS"):
        back_up(deployment, states=states, store=store, now=NOON, by=SHELL)
    assert store.copies("luna") == []


def test_a_runtime_that_serves_is_asked_and_one_that_does_not_come_is_told_of(
    luna: Tenant, store: FolderStore, file: Path
) -> None:
    deployment = deploy(tenant=luna, driver="kubernetes", by=SHELL)
    beside = Beside(store, file)
    states = CopiesByRuntime(beside, FleetConfiguration(), fetched_within_s=0)
    with pytest.raises(StateUnavailableError, match="its runtime does not fetch what it is asked"):
        back_up(deployment, states=states, store=store, now=NOON, by=SHELL)
    command = RuntimeCommand.objects.for_tenant(luna).get()
    assert copy_of(command.payload["upload"], Way.IN, tenant=luna) == NAME
    assert command.expires_at is not None
    assert command.expires_at <= timezone.now()  # it would come too late now
    assert (beside.asked, store.copies("luna")) == ([], [])


ANSWERS: dict[str, tuple[dict[str, Any], str]] = {
    "a copy": ({"state": "done", "result": {"handed_over": True}}, ""),
    "an older runtime's": ({"state": "done", "result": {"file": "x"}}, "is of a version that keeps copies to itself"),
    "no room": ({"state": "failed", "detail": "upload_failed: It is too large."}, "upload_failed: It is too large."),
    "no such command": ({"state": "refused", "detail": "unknown_kind: No."}, "unknown_kind: No."),
    "nothing yet": ({"state": "delivered"}, "has not finished the copy in half an hour"),
    "too late": ({"state": "expired"}, "does not fetch what it is asked"),
}


@pytest.mark.parametrize(("answer", "said"), ANSWERS.values(), ids=ANSWERS)
def test_what_a_runtime_answers_is_told(answer: dict[str, Any], said: str) -> None:
    told = what_is_missing(RuntimeCommand(**answer))
    assert said in told
    assert bool(said) is bool(told)
