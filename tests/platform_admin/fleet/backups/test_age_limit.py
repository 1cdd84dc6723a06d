"""Copies that are too old are deleted without anybody asking, and no others."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from platform_admin.fleet.backups.age_limit import EVERY, AgeLimit, forget_old_copies, kept_by_tenant
from platform_admin.fleet.backups.folder_store import FolderStore
from platform_admin.fleet.backups.store import CopyName
from platform_admin.tenants.models import Tenant

NOON = datetime(2026, 3, 31, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MONTH = timedelta(days=30)


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    (tmp_path / "copies").mkdir()
    return FolderStore(tmp_path / "copies")


def put(store: FolderStore, tmp_path: Path, *copies: tuple[str, timedelta]) -> list[CopyName]:
    (tmp_path / "file").write_bytes(b"a copy")
    names = [CopyName(tenant, NOON - age) for tenant, age in copies]
    for name in names:
        store.put(name, tmp_path / "file")
    return names


def test_what_is_too_old_goes_of_those_who_are_known(store: FolderStore, tmp_path: Path) -> None:
    young, old, of_sol, of_nobody = put(
        store, tmp_path, ("luna", MONTH), ("luna", MONTH + SECOND), ("sol", 2 * MONTH), ("nobody", 2 * MONTH)
    )
    kept = {"luna": MONTH, "sol": 3 * MONTH}
    assert forget_old_copies(store, kept, now=NOON) == 1
    assert store.everything() == sorted([young, of_sol, of_nobody])
    assert old not in store.copies("luna")
    assert forget_old_copies(store, kept, now=NOON) == 0


@pytest.mark.django_db
def test_each_tenant_has_its_owners_limit_and_a_deleted_one_the_usual_one(luna: Tenant, sol: Tenant) -> None:
    luna.settings.policies = {"retention": {"copies_days": 7}}
    luna.settings.save()
    Tenant.objects.filter(pk=sol.pk).update(status=Tenant.Status.DELETED)
    assert kept_by_tenant() == {"luna": timedelta(days=7), "sol": MONTH}


@pytest.mark.django_db
def test_it_is_looked_at_once_and_then_every_six_hours(luna: Tenant, store: FolderStore, tmp_path: Path) -> None:
    del luna
    now = NOON
    limit = AgeLimit(lambda: store, now=lambda: now)
    put(store, tmp_path, ("luna", MONTH + SECOND), ("luna", MONTH - SECOND))

    def left() -> int:
        limit.see_to()
        limit.wait()
        return len(store.copies("luna"))

    assert left() == 1
    now += EVERY - SECOND
    assert left() == 1
    now += SECOND
    assert left() == 0


@pytest.mark.django_db
def test_a_store_that_is_away_is_told_of_and_asked_again(
    luna: Tenant, store: FolderStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    del luna
    now = NOON
    put(store, tmp_path, ("luna", MONTH + SECOND))
    folder, away = tmp_path / "copies", tmp_path / "away"
    folder.rename(away)
    limit = AgeLimit(lambda: store, now=lambda: now)
    with caplog.at_level(logging.WARNING):
        limit.see_to()
        limit.wait()
    assert [record.getMessage() for record in caplog.records] == [
        f"copies that are too old are still there: {folder} is not there. Mount it, or name another folder."
    ]
    away.rename(folder)
    now += EVERY
    limit.see_to()
    limit.wait()
    assert store.everything() == []
