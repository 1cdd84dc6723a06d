"""``python -m bench.fleet.simulation.runtimes URL TOKENS WARM_UP_S SECONDS``: many runtimes in one process.

Each does over real HTTP what a runtime at rest does: asks for its bundle, reports as often as it is told to, and always
has one request for commands open. A business of two hundred turns a day says so in its reports. Prints ``warm`` when
all have come in, and what was answered since and what their pace asks for, as JSON, when the time is over.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
import time
import uuid
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2

POLL_S = float(os.environ.get("BENCH_POLL_S", "30"))
TURNS_A_DAY = 200
_LONG_POLL_S = 25
_A_DAY_S = 86_400
_TIMEOUT = httpx2.Timeout(60.0)
_PERCENT_95 = 0.95
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 1.0, 60.0  # docs/runtime-api.md
_ANSWERS = {httpx2.codes.OK, httpx2.codes.NOT_MODIFIED}


class Fleet:
    """What the runtimes have in common: where they ask, and the counts."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._trust = httpx2.create_ssl_context()  # made once: it takes longer than all the rest of a client
        self.answered: Counter[str] = Counter()
        self.report_pauses_s: dict[str, float] = {}
        self.report_s: list[float] = []

    def client(self) -> httpx2.AsyncClient:
        """A runtime's own: its connections are its own, too, and a pool of thousands would be slow to look through."""
        return httpx2.AsyncClient(base_url=self._base, verify=self._trust, timeout=_TIMEOUT)

    def forget(self) -> None:
        self.answered.clear()
        self.report_s.clear()

    def said(self, *, seconds: float) -> str:
        ordered = sorted(self.report_s)
        p95 = ordered[int(len(ordered) * _PERCENT_95)] if ordered else 0.0
        return json.dumps({"answered": self.answered, "due": self._due(seconds), "report_p95_ms": 1000 * p95})

    def _due(self, seconds: float) -> dict[str, float]:
        """What all of them are to have asked within ``seconds`` (``bench.fleet.simulation.pace``)."""
        runtimes = len(self.report_pauses_s)
        return {
            "bundles+not modified": runtimes * seconds / POLL_S,
            "reports": sum(seconds / pause for pause in self.report_pauses_s.values()),
            "long polls": runtimes * seconds / _LONG_POLL_S,
        }


class SimulatedRuntime:
    """One tenant's. ``chance`` is its own, so that a run can be repeated."""

    def __init__(self, fleet: Fleet, slug: str, token: str) -> None:
        self._fleet = fleet
        self._slug = slug
        self._http = fleet.client()
        self._base = f"/api/runtime/v1/tenants/{slug}"
        self._headers = {"Authorization": f"Bearer {token}"}
        self._chance = random.Random(slug)
        self._serial: int | None = None
        self._turns = 0
        self._started = datetime.now(UTC).isoformat()

    async def live(self, *, within_s: float) -> None:
        """Comes in at some moment ``within_s``; a fleet does not start at once."""
        await asyncio.sleep(self._chance.random() * within_s)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._ask_for_bundles())
            tasks.create_task(self._report())
            tasks.create_task(self._wait_for_commands())

    async def _ask_for_bundles(self) -> None:
        etag = ""
        while True:
            headers = {"If-None-Match": etag} if etag else {}
            answer = await self._asked("GET", "bundle", headers=headers)
            known = answer.status_code == httpx2.codes.NOT_MODIFIED
            self._fleet.answered["not modified" if known else "bundles"] += 1
            etag, self._serial = answer.headers["ETag"], 1
            await asyncio.sleep(POLL_S * (0.5 + self._chance.random()))

    async def _report(self) -> None:
        pause_s = POLL_S
        while True:
            self._fleet.report_pauses_s[self._slug] = pause_s
            await asyncio.sleep(pause_s * (0.9 + 0.2 * self._chance.random()))
            body = self._report_body(pause_s)
            began = time.perf_counter()
            answer = await self._asked("POST", "report", json=body)
            self._fleet.report_s.append(time.perf_counter() - began)
            self._fleet.answered["reports"] += 1
            pause_s = answer.json()["poll_after_s"]

    async def _wait_for_commands(self) -> None:
        while True:
            await self._asked("GET", "commands", params={"wait": _LONG_POLL_S})
            self._fleet.answered["long polls"] += 1

    async def _asked(self, method: str, door: str, *, headers: dict[str, str] | None = None, **more: Any) -> Any:  # noqa: ANN401 - handed through
        """Until it is answered, with a runtime's pauses after failures."""
        pause_s = _FIRST_PAUSE_S
        while True:
            try:
                answer = await self._http.request(
                    method, f"{self._base}/{door}", headers={**self._headers, **(headers or {})}, **more
                )
            except httpx2.TransportError:
                answer = None
            if answer is not None and answer.status_code in _ANSWERS:
                return answer
            assert answer is None or answer.is_server_error, answer.text
            self._fleet.answered["failures"] += 1
            await asyncio.sleep(pause_s * self._chance.random())
            pause_s = min(_LONGEST_PAUSE_S, 2 * pause_s)

    def _report_body(self, pause_s: float) -> dict[str, Any]:
        now = datetime.now(UTC)
        busy = self._chance.random() < TURNS_A_DAY * pause_s / _A_DAY_S
        self._turns += busy
        return {
            "format": 1,
            "report_id": str(uuid.uuid4()),
            "runtime": {"version": "0.1.0", "build": "bench", "started_at": self._started,
                        "formats": {"bundle": [1], "report": [1]}},
            "heartbeat": {"at": now.isoformat(), "serial": self._serial, "staged_serial": None, "ready": True,
                          "degraded": [], "refusal": None, "last_inbound_at": None, "suspended": False},
            "gauges": {"open_conversations": [], "breakers": [{"connector": "calendar", "state": "closed"}],
                       "connector_latency": [], "dead_letters": 0, "outbox_waiting": 0, "inbox_waiting": 0,
                       "quota": {"month": f"{now:%Y-%m}", "tokens": 0, "limit": 100_000}},
            "scheduled_tasks": [], "dead_letters": [], "unanswered": [], "hand_offs": [], "notices": [],
            "command_results": [],
            "counters": self._counters(now) if busy else [],
            "turns": [self._turn(now)] if busy else [],
        }  # fmt: skip

    def _counters(self, now: datetime) -> list[dict[str, Any]]:
        hour = now.replace(minute=0, second=0, microsecond=0).isoformat()
        channel = {"channel": "http_dev"}
        series: dict[str, dict[str, str]] = {
            "turns": channel, "messages_in": channel, "messages_out": channel,
            "state_entered": {"state": "MENU"}, "transition": {"from": "MENU", "to": "MENU"},
        }  # fmt: skip
        return [{"name": name, "labels": labels, "hour": hour, "count": 1} for name, labels in series.items()]

    def _turn(self, now: datetime) -> dict[str, Any]:
        conversation = f"c{self._turns // 8}"
        return {
            "id": f"{conversation}:{self._turns}", "conversation": conversation, "contact": "c-5f1c0a9be2d4-41",
            "channel": "http_dev", "at": now.isoformat(), "serial": 1, "heard": "hola, ¿tenéis hora mañana?",
            "said": ["¡Hola! ¿En qué te ayudo?"], "state_before": "MENU", "state_after": "MENU",
            "trace": {"entries": [{"kind": "state_entered", "state": "MENU", "because": "fallback"}],
                      "duration_ms": 3, "event": "message"},
            "error": None,
        }  # fmt: skip


async def _main(base: str, tokens: dict[str, str], *, warm_up_s: float, seconds: float) -> None:
    fleet = Fleet(base)
    living = asyncio.gather(
        *(SimulatedRuntime(fleet, slug, token).live(within_s=warm_up_s * 0.7) for slug, token in tokens.items())
    )
    measuring = asyncio.create_task(_measure(fleet, warm_up_s=warm_up_s, seconds=seconds))
    await asyncio.wait((asyncio.ensure_future(living), measuring), return_when=asyncio.FIRST_COMPLETED)
    if not measuring.done():
        await living  # one of them failed: say why
    living.cancel()
    await asyncio.gather(living, return_exceptions=True)


async def _measure(fleet: Fleet, *, warm_up_s: float, seconds: float) -> None:
    await asyncio.sleep(warm_up_s)
    fleet.forget()
    print("warm", flush=True)
    await asyncio.sleep(seconds)
    print(fleet.said(seconds=seconds), flush=True)


if __name__ == "__main__":
    url, file, warm_up, measured_s = sys.argv[1:]
    known = json.loads(Path(file).read_text(encoding="utf-8"))
    asyncio.run(_main(url, known, warm_up_s=float(warm_up), seconds=float(measured_s)))
