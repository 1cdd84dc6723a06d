"""What a local runtime wrote, on disk."""

from __future__ import annotations

import logging
import os
import stat
from pathlib import Path

import pytest

from platform_admin.fleet.drivers.log_file import LONGEST_LINE, LogFile
from platform_admin.fleet.drivers.log_tail import last_lines

LONGEST = 100


def sizes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in folder.iterdir()}


def test_two_files_hold_the_newest_lines_and_never_more_than_their_bound(tmp_path: Path) -> None:
    file = LogFile(tmp_path, longest=LONGEST)
    written = []
    for number in range(1000):
        written.append(f"line {number:03}")  # nine bytes with its end: eleven to a file
        file.write(written[-1])
        assert all(size <= LONGEST for size in sizes(tmp_path).values())
        lines = last_lines(tmp_path, 1000)
        assert list(lines) == written[-len(lines) :]
    file.close()
    assert sizes(tmp_path) == {"runtime.log": 90, "runtime.log.1": 99}
    assert last_lines(tmp_path, 12) == tuple(written[-12:])
    assert last_lines(tmp_path, 1) == ("line 999",)


def test_it_is_for_its_owner_only_and_goes_on_where_another_process_ended(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        for line in ("first", "sécond"):
            file = LogFile(tmp_path / "logs")
            file.write(line)
            file.close()
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "logs").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "logs" / "runtime.log").stat().st_mode) == 0o600
    assert last_lines(tmp_path / "logs", 10) == ("first", "sécond")


def test_a_line_without_an_end_is_cut(tmp_path: Path) -> None:
    file = LogFile(tmp_path)
    file.write("x" * 10 * LONGEST_LINE)
    file.close()
    assert last_lines(tmp_path, 10) == ("x" * LONGEST_LINE,)


def test_lines_that_span_what_is_read_at_once_are_whole(tmp_path: Path) -> None:
    file = LogFile(tmp_path)
    written = tuple(f"{number} " + "é" * 5000 for number in range(30))
    for line in written:
        file.write(line)
    file.close()
    for count in (1, 7, 29, 30):
        assert last_lines(tmp_path, count) == written[-count:]


def test_a_line_that_is_being_written_is_not_shown_yet(tmp_path: Path) -> None:
    (tmp_path / "runtime.log").write_bytes(b"whole\nhal")
    assert last_lines(tmp_path, 10) == ("whole",)


def test_where_nothing_was_written_there_are_no_lines(tmp_path: Path) -> None:
    assert last_lines(tmp_path / "nowhere", 10) == ()


def test_a_disk_that_takes_nothing_is_told_of_once_and_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "logs").write_text("a file where the folder should be")
    file = LogFile(tmp_path / "logs")
    with caplog.at_level(logging.WARNING):
        for line in ("lost", "lost as well"):
            file.write(line)
    assert len(caplog.records) == 1
    assert str(tmp_path / "logs") in caplog.text
    (tmp_path / "logs").unlink()
    file.write("kept")
    file.close()
    assert last_lines(tmp_path / "logs", 10) == ("kept",)
