"""A small runtime to kill: ``python -m tests.runtime.inbox.crash_child FOLDER FIRST COUNT``.

It accepts messages FIRST … FIRST + COUNT - 1, prints each number once it is accepted, and ends when
nothing is open. What its channel and its connector did is appended to files in FOLDER. The tap ``die``
leads to a call that ends the process. With a fourth argument it accepts a single tap of this payload instead:
``sub`` and ``sub_taken`` lead to a call inside a sub-flow that ends the process when it is first made; made
again, it answers, or fails because somebody was faster.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

from connectors.clock import SystemClock
from connectors.errors import ConflictError
from connectors.kernel.pipeline import Pipeline
from connectors.kernel.policy import CallPolicy
from connectors.operation import Access, Operation
from connectors.plain_json import JSON
from connectors.port import ConnectorCall, ConnectorPort
from connectors.registry import ConnectorRegistry
from flow_engine.messages import InternalMessage
from flow_engine.vocabulary import JSONObject, MessageType
from runtime.active_config import ActiveConfig
from runtime.core import build_core
from runtime.ports.channel_adapter import ChannelAdapter, OutboundMessage, SendReceipt
from runtime.ports.inbox import InboundEnvelope
from runtime.store.sqlite import SQLiteStateStore
from tests.flow_engine.normalised import invoke, program, state, text, transition
from tests.runtime.desk import loaded

CONTACTS = 15
BOOK_EVERY = 3

END: JSONObject = {"action": "end"}


def sub_call(flow: str) -> JSONObject:
    return {"action": "call", "flow": flow, "inputs": {}, "outputs": {"got": "got"}}


def sub_flow(**states: JSONObject) -> JSONObject:
    return {
        "inputs": [],
        "outputs": ["got"],
        "initial_state": next(iter(states)),
        "states": dict(states),
        "global_transitions": [],
    }


FLOW = program(
    {
        "SAID": state(text("said {{ data.said }}"), fallback="SAID"),
        "BOOK": state(
            text("one moment {{ data.number }}"),
            invoke("calendar", "book", result_key="booking"),
            text("booked {{ data.number }}"),
        ),
        "DIE": state(text("goodbye"), invoke("calendar", "die")),
        "SUB": state(text("before"), sub_call("answers"), text("after {{ data.got.id }}")),
        "SUB_TAKEN": state(text("before"), sub_call("taken"), text("after {{ data.got }}")),
    },
    global_transitions=[
        transition("SAID", on_payload_prefix="say_", extract_suffix_as="said"),
        transition("BOOK", on_payload_prefix="book_", extract_suffix_as="number"),
        transition("DIE", on_payload="die"),
        transition("SUB", on_payload="sub"),
        transition("SUB_TAKEN", on_payload="sub_taken"),
    ],
) | {
    "flows": {
        "answers": sub_flow(RUN=state(text("inside"), invoke("calendar", "die_once", result_key="got"), END)),
        "taken": sub_flow(
            RUN=state(text("inside"), invoke("calendar", "die_once_then_taken") | {"on_error": {"conflict": "SORRY"}}),
            SORRY=state({"action": "set_data", "values": {"got": "{{ data.error_kind }}"}}, END),
        ),
    }
}


def payload(number: int) -> str:
    return f"book_{number}" if number % BOOK_EVERY == 0 else f"say_{number}"


def replies(number: int) -> list[str]:
    return [f"one moment {number}", f"booked {number}"] if number % BOOK_EVERY == 0 else [f"said {number}"]


def contact(number: int) -> str:
    return f"c{number % CONTACTS}"


class Journal:
    """Lines that survive the process: handed to the kernel before the call returns."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def write(self, line: str) -> None:
        os.write(self._descriptor, f"{line}\n".encode())

    def count(self, text: str) -> int:
        return self._path.read_text().count(text)


class JournalChannel(ChannelAdapter):
    channel_id = "http_dev"
    profile = "http_dev"

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def send(self, message: OutboundMessage) -> SendReceipt:
        await asyncio.sleep(0.001)
        self._journal.write(message.id)
        await asyncio.sleep(0.001)
        return SendReceipt(f"provider.{message.id}")

    async def close(self) -> None:
        """Nothing to close."""


class JournalCalendar(ConnectorPort):
    category = "calendar"
    operations: ClassVar[Mapping[str, Operation]] = {
        name: Operation(name, Access.WRITES, "Journalled.")
        for name in ("book", "die", "die_once", "die_once_then_taken")
    }

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def invoke(self, call: ConnectorCall) -> JSON:
        self._journal.write(f"{call.operation} {call.idempotency_key}")
        first = self._journal.count(call.idempotency_key) == 1
        if call.operation == "die" or (call.operation.startswith("die_once") and first):
            os._exit(9)
        if call.operation == "die_once_then_taken":
            raise ConflictError("somebody was faster")
        await asyncio.sleep(0.002)
        return {"id": call.idempotency_key}


def configuration(folder: Path) -> ActiveConfig:
    calendar = JournalCalendar(Journal(folder / "calls.log"))
    pipelines = {"calendar": Pipeline("calendar", CallPolicy(), SystemClock())}
    registry = ConnectorRegistry({"calendar": calendar}, pipelines, ())
    return ActiveConfig(loaded(FLOW), registry, "", "es", "UTC", 1)


def message(number: int, tapped: str) -> InboundEnvelope:
    now = datetime.now(UTC)
    told = InternalMessage(f"m{number}", contact(number), MessageType.BUTTON, now, tapped, tapped)
    return InboundEnvelope("http_dev", "http_dev", told)


async def main(folder: Path, first: int, count: int, tapped: str | None = None) -> None:
    store = SQLiteStateStore(folder / "state.db")
    await store.open()
    channel = JournalChannel(Journal(folder / "sends.log"))
    core = build_core(store, {"http_dev": channel}, SystemClock(), reconcile=timedelta(milliseconds=50))
    await core.start(configuration(folder))
    for number in range(first, first + count):
        await core.inbox.accept([message(number, tapped or ("die" if number < 0 else payload(number)))])
        print(number, flush=True)  # noqa: T201 - the acknowledgement the parent reads
    while (counts := await store.counts()).inbox_open or counts.outbox_open:
        await asyncio.sleep(0.01)
    await core.stop()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:5]))
