"""Ten thousand tasks due at one instant: how late they enter the inbox, and how long the loop stands still for them."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.figure import Figure, figure
from bench.runtime.bare_core import SilentChannel, in_fresh_folder, running_core
from runtime.memory import settle
from runtime.ports.conversation_store import PlannedTask
from runtime.ports.inbox_store import ContactKey
from runtime.server import SWITCH_INTERVAL_S

ROUNDS = 3
TASKS = 10_000
FIRE_LIMIT_S = 180.0
PLANNING = timedelta(seconds=6)


def main() -> Iterable[Figure]:
    usual = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_INTERVAL_S)  # as the server sets it; without, the writer waits for a busy loop
    fired = [in_fresh_folder(_fire_ten_thousand) for _ in range(ROUNDS)]
    sys.setswitchinterval(usual)
    yield figure("scheduler.lateness_p99_s", [run[0] for run in fired], unit="s", against="<= 1")
    yield figure("scheduler.loop_stall_ms", [run[1] for run in fired], unit="ms", against="<= 25")
    yield figure("scheduler.lost", [run[2] for run in fired], unit="tasks", against="0")
    yield figure("scheduler.doubled", [run[3] for run in fired], unit="tasks", against="0")


async def _fire_ten_thousand(folder: Path) -> tuple[float, float, float, float]:
    """Lateness (p99, s) from due to committed in the inbox, the longest loop stall (ms), lost, doubled."""
    channel = SilentChannel()
    core = await running_core(folder, channel)
    settle()  # as the server does
    due_at = datetime.now(UTC) + PLANNING
    task = PlannedTask("remind", "r", due_at, data={"time": "10:00"})
    contacts = [ContactKey("http_dev", f"c{user}") for user in range(TASKS)]
    await asyncio.gather(
        *(core.store.tasks.replace_standing(contact, "http_dev", [task], at=due_at) for contact in contacts)
    )
    assert datetime.now(UTC) < due_at, "planning took too long on this machine: raise PLANNING"
    core.scheduler.rows_changed()
    stall_s = await _longest_stall(lambda: channel.count >= TASKS)
    await core.stop()
    connection = sqlite3.connect(folder / "state.db")
    entered = connection.execute("SELECT contact_id, received_at FROM inbox ORDER BY received_at").fetchall()
    said = connection.execute("SELECT contact_id, count(*) FROM outbox GROUP BY contact_id").fetchall()
    connection.close()
    lateness_s = [received / 1_000_000 - due_at.timestamp() for _, received in entered]
    lost, doubled = TASKS - len(said), sum(times - 1 for _, times in said)
    return lateness_s[int(len(lateness_s) * 0.99)], stall_s * 1000, float(lost), float(doubled)


async def _longest_stall(done: Callable[[], bool]) -> float:
    """How late a one-millisecond timer came at worst, until ``done``."""
    longest = 0.0
    limit = time.perf_counter() + FIRE_LIMIT_S
    while not done() and time.perf_counter() < limit:
        before = time.perf_counter()
        await asyncio.sleep(0.001)
        longest = max(longest, time.perf_counter() - before - 0.001)
    return longest
