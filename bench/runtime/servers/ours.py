"""A runtime as it is shipped, with one WhatsApp number: PORT FOLDER GRAPH_URL [idle].

``idle``: messages are stored and acknowledged, and nobody works on them. The bot answers each message with one text.
"""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import sys
from pathlib import Path

import uvloop

from bench.runtime.client import APP_SECRET, PHONE_NUMBER_ID
from runtime.app import OpenCore, open_durable_core, open_runtime
from runtime.core import Core
from runtime.ports.clock import Clock
from runtime.server import serve
from runtime.settings import DevelopmentFile, Settings
from runtime.stop_signals import stop_signals
from runtime.store.sqlite import SQLiteStateStore

FLOW = """\
id: bench
initial_state: MENU
states:
  MENU:
    on_enter:
      - {action: send_text, text: "Hola {{ contact.name }}"}
    fallback: MENU
"""


def furnish(folder: Path) -> Path:
    """Write the tenant's files; the tenant file."""
    flow, tenant = folder / "bench_flow.yaml", folder / "tenant.yaml"
    flow.write_text(FLOW, encoding="utf-8")
    channel = {
        "type": "whatsapp",
        "phone_number_id": PHONE_NUMBER_ID,
        "app_secret": APP_SECRET,
        "access_token": "bench-access-token",
        "verify_token": "bench-verify-token",
    }
    # The peer paces nothing and bounds nobody, and the users of this bench never rest.
    limits = {"inbound_per_contact_per_minute": 0, "loop_messages": 0, "pair_interval_s": 0, "messages_per_s": 0}
    document = {"tenant_id": "bench", "flow_path": str(flow), "channel": channel, "limits": limits}
    tenant.write_text(json.dumps(document), encoding="utf-8")
    return tenant


async def open_idle_core(state_file: Path, clock: Clock, tenant: str) -> tuple[Core, SQLiteStateStore]:
    core, store = await open_durable_core(state_file, clock, tenant)
    core.inbox.lines._width = 0  # noqa: SLF001 - nobody else wants a runtime that does not work
    return core, store


async def main(port: int, folder: Path, graph_url: str, open_core: OpenCore) -> None:
    logging.disable(logging.WARNING)
    settings = Settings(source=DevelopmentFile(furnish(folder)), state_dir=folder / "state", graph_base_url=graph_url)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        with stop_signals() as signals:
            async with open_runtime(settings, open_core=open_core) as runtime:
                await serve(runtime, listener, signals, listening=lambda: None)


if __name__ == "__main__":
    number, place, graph, *rest = sys.argv[1:]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(int(number), Path(place), graph, open_idle_core if rest else open_durable_core))
