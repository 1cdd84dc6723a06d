"""What a note of a former supervisor is taken for."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from platform_admin.fleet.drivers.leftovers import end_leftover


def test_a_process_that_only_inherited_the_noted_id_is_left_alone(tmp_path: Path) -> None:
    pid_file = tmp_path / "runtime.pid"
    pid_file.write_text(f"{os.getpid()} 1 1 99\n")  # our own id, but started with the machine; a dead supervisor
    received: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _frame: received.append(number))
    try:
        assert end_leftover(pid_file, deadline_s=0) is False
    finally:
        signal.signal(signal.SIGTERM, before)
    assert received == []
    assert not pid_file.exists()
