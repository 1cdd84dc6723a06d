"""What a process that was killed in the middle of a copy left in a store goes with the look at ages."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest

from platform_admin.fleet.backups.age_limit import ABANDONED, EVERY, AgeLimit
from platform_admin.fleet.backups.folder_store import FolderStore
from platform_admin.fleet.backups.s3_store import S3Store
from platform_admin.fleet.backups.store import CopyName
from platform_admin.tenants.models import Tenant
from tests.platform_admin.fleet.backups.conftest import BUCKET

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
NAME = CopyName("luna", NOON)
PART_BYTES = 5 * 1024 * 1024
"""The smallest that S3 takes for one of several."""

KILLED_IN_THE_MIDDLE = """
import resource, signal, sys
from pathlib import Path
from platform_admin.fleet.backups.folder_store import FolderStore
from platform_admin.fleet.backups.store import CopyName
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # the kernel ends whoever writes more than it may
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
FolderStore(Path(sys.argv[1])).put(CopyName.read(sys.argv[2]), Path(sys.argv[3]))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "copies").mkdir()
    return tmp_path / "copies"


@pytest.fixture
def left(folder: Path, tmp_path: Path) -> Path:
    """By a ``put`` that was killed; last written to at noon."""
    (tmp_path / "file").write_bytes(bytes(2_000_000))
    command = [sys.executable, "-c", KILLED_IN_THE_MIDDLE, str(folder), str(NAME), str(tmp_path / "file")]
    assert subprocess.run(command, check=False).returncode == -signal.SIGXFSZ
    (file,) = (folder / "luna").iterdir()
    assert (file.name, file.stat().st_size) == ("20260105T120000Z.tar.gz.unfinished", 1_000_000)
    os.utime(file, (NOON.timestamp(), NOON.timestamp()))
    return file


def test_it_goes_when_nobody_wrote_to_it_for_long_enough(folder: Path, left: Path, tmp_path: Path) -> None:
    store = FolderStore(folder)
    store.put(NAME, tmp_path / "file")  # would be as old, and is whole
    left.write_bytes(b"half")
    os.utime(left, (NOON.timestamp(), NOON.timestamp()))
    assert store.clear_unfinished({"luna"}, before=NOON) == 0
    assert left.exists()
    assert store.clear_unfinished({"luna"}, before=NOON + SECOND) == 1
    assert [path.name for path in (folder / "luna").iterdir()] == ["20260105T120000Z.tar.gz"]
    assert store.clear_unfinished({"luna"}, before=NOON + SECOND) == 0


def test_what_is_another_ones_stays(folder: Path, left: Path) -> None:
    notes = left.with_name("notes.txt.unfinished")
    notes.write_bytes(b"")
    os.utime(notes, (NOON.timestamp(), NOON.timestamp()))
    store = FolderStore(folder)
    assert store.clear_unfinished({"sol"}, before=NOON + SECOND) == 0
    assert store.clear_unfinished({"luna"}, before=NOON + SECOND) == 1
    assert (left.exists(), notes.exists()) == (False, True)


@pytest.mark.django_db
def test_the_look_at_ages_clears_it_away(
    luna: Tenant, folder: Path, left: Path, caplog: pytest.LogCaptureFixture
) -> None:
    del luna
    store, now = FolderStore(folder), NOON + ABANDONED
    limit = AgeLimit(lambda: store, now=lambda: now)

    def is_left() -> bool:
        limit.see_to()
        limit.wait()
        return left.exists()

    with caplog.at_level(logging.INFO):
        assert is_left()
        now += EVERY
        assert not is_left()
    assert [record.getMessage() for record in caplog.records] == ["1 copies were never finished and are deleted"]


def test_an_upload_in_parts_that_nobody_ended_goes(s3: str, tmp_path: Path) -> None:
    client = boto3.client("s3", endpoint_url=s3)
    store = S3Store(BUCKET, prefix=tmp_path.name, endpoint=s3)
    for key in (f"{tmp_path.name}/{NAME}", f"{tmp_path.name}/luna/notes", str(NAME)):
        upload = client.create_multipart_upload(Bucket=BUCKET, Key=key)["UploadId"]
        client.upload_part(Bucket=BUCKET, Key=key, UploadId=upload, PartNumber=1, Body=bytes(PART_BYTES))

    def under_way() -> dict[str, datetime]:
        """When each was begun, by the server."""
        found = client.list_multipart_uploads(Bucket=BUCKET)["Uploads"]
        return {upload["Key"]: upload["Initiated"] for upload in found}

    begun = under_way()[f"{tmp_path.name}/{NAME}"]
    assert store.clear_unfinished({"sol"}, before=begun + SECOND) == 0
    assert store.clear_unfinished({"luna"}, before=begun) == 0
    assert len(under_way()) == 3
    assert store.clear_unfinished({"luna"}, before=begun + SECOND) == 1
    assert under_way().keys() == {str(NAME), f"{tmp_path.name}/luna/notes"}
    assert store.clear_unfinished({"luna"}, before=begun + SECOND) == 0
