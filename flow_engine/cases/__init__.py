"""Tests of flows as data: what a customer does, what the bot must and must not answer, and what it must do.

Pure: files are read and results printed by ``flow_engine.cli``. The language of a case is in ``docs/flow-tests.md``.
"""

from __future__ import annotations

from flow_engine.cases.assembling import assemble, program_settings
from flow_engine.cases.case import Case, CaseFile
from flow_engine.cases.reading import CaseReading, read_case, read_case_bytes
from flow_engine.cases.result import CaseResult, ChatLine
from flow_engine.cases.running import run_case

__all__ = [
    "Case",
    "CaseFile",
    "CaseReading",
    "CaseResult",
    "ChatLine",
    "assemble",
    "program_settings",
    "read_case",
    "read_case_bytes",
    "run_case",
]
