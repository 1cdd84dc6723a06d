"""Whole runtimes as processes, as an orchestrator starts them: keys, a kept bundle, a control plane that answers."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import httpx2

from flow_engine.bundle import seal
from flow_engine.language import read_flow
from flow_engine.vocabulary import JSONObject
from tests.fakes.webhook_bodies import Writer, batch, sign, text
from tests.runtime.bundles.bundle_line import KEY, payload, secret
from tests.runtime.furnishing import furnish

PHONE_NUMBER_ID = "106540352242922"
APP_SECRET = "bench-app-secret"  # noqa: S105 - signs made-up bodies on loopback
FLOW = Path("flows/peluqueria_flow.yaml")
AS_IN_THE_IMAGE = {"PYTHONOPTIMIZE": "2", "PYTHONNODEBUGRANGES": "1", "MALLOC_ARENA_MAX": "1"}
"""deploy/docker/runtime.Dockerfile: what nobody reads at run time is not loaded."""

BOOT_LIMIT_S = 60.0
LOOK_AGAIN_S = 0.002

_DRAINING: set[asyncio.Task[None]] = set()
_LISTENING = re.compile(r"listening on [\d.]+:(\d+)")


def release(*, llm_url: str | None = None) -> bytes:
    """A hairdresser's with one WhatsApp number, and free questions where there is an engine.

    A calendar is no part of it: providers differ, and the one for trials keeps 0.9 MB loaded.
    """
    program = read_flow(FLOW.read_text(encoding="utf-8"), file=str(FLOW)).program
    assert program is not None
    connectors: JSONObject = {}
    llm: JSONObject = {"enabled": False, "provider": None, "knowledge_version": None, "quota_monthly_tokens": None}
    secrets = {f"channels.0.{name}": value for name, value in _channel_secrets().items()}
    if llm_url is not None:
        connectors["llm"] = {"type": "anthropic", "base_url": llm_url}
        llm = llm | {"enabled": True, "provider": "anthropic", "knowledge_version": "v1"}
        secrets["connectors.llm.api_key"] = "test-key"
    sealed: JSONObject = {place: secret(place, value) for place, value in secrets.items()}
    changes: JSONObject = {
        "program": program,
        "knowledge": {"version": "v1", "markdown": Path("flows/peluqueria/knowledge.md").read_text(encoding="utf-8")},
        "channels": [{"type": "whatsapp", "phone_number_id": PHONE_NUMBER_ID}],
        "connectors": connectors,
        "llm": llm,
        "secrets": sealed,
    }
    return seal(payload(1, **changes), KEY)


def _channel_secrets() -> dict[str, str]:
    return {"access_token": "EAAbench", "app_secret": APP_SECRET, "verify_token": "bench-verify"}


@dataclass(slots=True)
class TenantProcess:
    """One ``python -m runtime``. ``booted_s`` is the time from its start to the first 200 of ``/ready``."""

    process: asyncio.subprocess.Process
    url: str
    booted_s: float

    @classmethod
    async def start(cls, folder: Path, envelope: bytes, *, control_plane: str, graph: str) -> TenantProcess:
        """From the kept bundle, which is written first; the control plane may be anything that answers."""
        furnished = await asyncio.to_thread(furnish, folder, envelope, control_plane=control_plane, graph=graph)
        inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment = inherited | furnished | AS_IN_THE_IMAGE
        began = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "runtime", env=environment, stdout=asyncio.subprocess.PIPE, stderr=None
        )
        port = await _port_of(process)
        url = f"http://127.0.0.1:{port}"
        await _until_ready(url)
        return cls(process, url, time.perf_counter() - began)

    async def hear(self, messages: int, words: str = "hola") -> None:
        await hear(self.url, messages, words)

    def pss_mb(self) -> float:
        return pss_mb(self.process.pid)

    def cpu_s(self) -> float:
        """Time it has worked so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    async def stop(self) -> None:
        self.process.terminate()
        await self.process.wait()


async def hear(url: str, messages: int, words: str = "hola") -> None:
    """Deliver so many messages, each from its own customer, and have them stored."""
    async with httpx2.AsyncClient(base_url=url) as http:
        for number in range(messages):
            writer = Writer(PHONE_NUMBER_ID, phone=f"34600{number:06d}", name="Ana")
            body = batch([text(writer, words)])
            answer = await http.post("/webhook", content=body, headers=_signed(body))
            assert answer.status_code == httpx2.codes.OK, answer.text


def pss_mb(pid: int) -> float:
    """Memory that is the process's own, with its share of what it shares."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    (kilobytes,) = [line.split()[1] for line in rollup.splitlines() if line.startswith("Pss:")]
    return int(kilobytes) / 1024


def _signed(body: bytes) -> dict[str, str]:
    return {"X-Hub-Signature-256": sign(body, APP_SECRET), "Content-Type": "application/json"}


async def _port_of(process: asyncio.subprocess.Process) -> int:
    """Said in its log; what follows is read and forgotten, so that the pipe never fills."""
    assert process.stdout is not None
    async with asyncio.timeout(BOOT_LIMIT_S):
        while line := await process.stdout.readline():
            if found := _LISTENING.search(line.decode()):
                draining = asyncio.get_running_loop().create_task(_drained(process.stdout))
                _DRAINING.add(draining)
                draining.add_done_callback(_DRAINING.discard)
                return int(found[1])
    raise RuntimeError("the runtime ended before it listened")


async def _drained(stream: asyncio.StreamReader) -> None:
    while await stream.read(65536):
        pass


async def _until_ready(url: str) -> None:
    async with asyncio.timeout(BOOT_LIMIT_S), httpx2.AsyncClient(base_url=url) as http:
        while (await http.get("/ready")).status_code != httpx2.codes.OK:  # noqa: ASYNC110 - it is another process
            await asyncio.sleep(LOOK_AGAIN_S)
