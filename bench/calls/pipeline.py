"""What the pipeline around every call costs: tenacity, breaker, timeout, bulkhead, redaction, log and metrics on."""

from __future__ import annotations

import asyncio
import io
import logging
import time

from bench.figure import Figure, figure
from connectors.clock import SystemClock
from connectors.kernel.pipeline import CallReport, Pipeline, log_call
from connectors.kernel.policy import CallPolicy
from connectors.kernel.redaction import Redactor
from connectors.operation import Access
from runtime.telemetry.json_log import JSONFormatter
from runtime.telemetry.redaction import Redactor as LogRedactor

ROUNDS = 31
CALLS_PER_ROUND = 400
OVERHEAD = "<= 45 us a call: real tenacity, log line, metrics, redaction on"


def pipeline_figure() -> Figure:
    """What a call costs beyond itself."""
    return figure("connectors.pipeline_overhead_us", asyncio.run(_rounds()), unit="us", against=OVERHEAD)


async def _rounds() -> list[float]:
    """CPU time of a call through the pipeline less that of the bare call; the log is written as a runtime writes it."""
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(JSONFormatter(LogRedactor(b"k" * 32), tenant="luna"))
    log = logging.getLogger("connectors.pipeline")
    log.addHandler(handler)
    log.propagate, log.level = False, logging.INFO
    latencies: dict[tuple[str, str], list[float]] = {}

    def measure(report: CallReport) -> None:
        latencies.setdefault((report.connector, report.operation), []).append(report.duration_s)

    redact = Redactor(["sk-live-0123456789abcdef", "another-secret-of-the-tenant"])
    pipeline = Pipeline("calendar", CallPolicy(), SystemClock(), redact=redact, observers=(measure, log_call))
    await _spent(pipeline)
    rounds = [await _spent(pipeline) - await _bare() for _ in range(ROUNDS)]
    if len(latencies["calendar", "get_services"]) != (ROUNDS + 1) * CALLS_PER_ROUND:
        raise AssertionError("a measured call was not reported")
    log.removeHandler(handler)
    return rounds


async def _call() -> str:
    return "done"


async def _spent(pipeline: Pipeline) -> float:
    began = time.process_time()
    for _ in range(CALLS_PER_ROUND):
        await pipeline.run("get_services", Access.READS, "conversation:1:0", _call)
    return (time.process_time() - began) / CALLS_PER_ROUND * 1e6


async def _bare() -> float:
    began = time.process_time()
    for _ in range(CALLS_PER_ROUND):
        await _call()
    return (time.process_time() - began) / CALLS_PER_ROUND * 1e6
