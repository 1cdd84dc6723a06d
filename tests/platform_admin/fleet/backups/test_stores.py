"""Both stores keep the same promises: a folder, and a bucket of a real S3 server (moto's)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from platform_admin.fleet.backups.folder_store import FolderStore
from platform_admin.fleet.backups.s3_store import S3Store
from platform_admin.fleet.backups.store import BackupStore, CopyName, StoreError
from tests.platform_admin.fleet.backups.conftest import BUCKET

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> BackupStore:
    if request.param == "folder":
        (tmp_path / "copies").mkdir()
        return FolderStore(tmp_path / "copies")
    return S3Store(BUCKET, prefix=f"/{tmp_path.name}/", endpoint=request.getfixturevalue("s3"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "copy"
    path.write_bytes(b"a copy")
    return path


def test_what_was_put_is_listed_by_age_and_fetched_as_it_was(store: BackupStore, file: Path, tmp_path: Path) -> None:
    names = [CopyName("luna", NOON + timedelta(hours=hour)) for hour in (2, 0, 1)]
    assert store.copies("luna") == []
    for name in names:
        store.put(name, file)
    assert store.copies("luna") == sorted(names)
    store.fetch(names[0], tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == b"a copy"


def test_a_tenant_whose_name_begins_like_anothers_has_copies_of_its_own(store: BackupStore, file: Path) -> None:
    for tenant in ("luna", "luna-2"):
        store.put(CopyName(tenant, NOON), file)
    store.delete(CopyName("luna-2", NOON))
    assert store.copies("luna") == [CopyName("luna", NOON)]
    assert store.copies("luna-2") == []


def test_everything_is_listed_tenant_by_tenant(store: BackupStore, file: Path) -> None:
    names = [CopyName(tenant, NOON + timedelta(hours=hour)) for tenant in ("sol", "luna") for hour in (1, 0)]
    assert store.everything() == []
    for name in names:
        store.put(name, file)
    assert store.everything() == sorted(names)


def test_one_that_is_gone_can_be_deleted_again_and_not_fetched(store: BackupStore, file: Path, tmp_path: Path) -> None:
    name = CopyName("luna", NOON)
    store.put(name, file)
    for _ in range(2):
        store.delete(name)
    with pytest.raises(StoreError, match="cannot be used"):
        store.fetch(name, tmp_path / "back")


def test_what_is_not_ours_is_neither_listed_nor_touched(tmp_path: Path, file: Path) -> None:
    folder = tmp_path / "copies"
    (folder / "luna").mkdir(parents=True)
    for stranger in ("notes.txt", "20260105T120000Z.zip", "20260105T120000Z.tar.gz.unfinished"):
        (folder / "luna" / stranger).write_bytes(b"")
    assert FolderStore(folder).copies("luna") == []


@pytest.mark.parametrize("kind", ["folder", "s3"])
def test_a_store_that_is_away_is_never_taken_for_an_empty_one(kind: str, tmp_path: Path, s3: str) -> None:
    away = FolderStore(tmp_path / "nowhere") if kind == "folder" else S3Store("no-such-bucket", endpoint=s3)
    with pytest.raises(StoreError, match=r"^[^\n]+$"):
        away.copies("luna")


def test_a_put_that_fails_leaves_nothing(tmp_path: Path, file: Path) -> None:
    in_the_way = tmp_path / "copies" / str(CopyName("luna", NOON))
    in_the_way.mkdir(parents=True)
    with pytest.raises(StoreError, match="cannot be used"):
        FolderStore(tmp_path / "copies").put(CopyName("luna", NOON), file)
    assert list(in_the_way.parent.iterdir()) == [in_the_way]


@pytest.mark.parametrize(
    "text", ["luna", "luna/", "luna/2026.tar.gz", "luna/20260105T120000Z", "../20260105T120000Z.tar"]
)
def test_a_name_that_is_not_ours_is_no_copys(text: str) -> None:
    assert CopyName.read(text) is None


def test_a_name_is_read_as_it_was_written() -> None:
    name = CopyName("luna", NOON)
    assert (str(name), CopyName.read(str(name))) == ("luna/20260105T120000Z.tar.gz", name)
