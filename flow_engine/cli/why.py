"""``why``: plays a case and tells after each step, in plain words, why the bot answers as it does."""

from __future__ import annotations

import sys
from pathlib import Path

from flow_engine.cases import CaseResult, run_case
from flow_engine.cli.case_files import CaseFileError, CaseFiles
from flow_engine.cli.exit_status import ExitStatus
from flow_engine.cli.report import chat_lines, customer_of, difference_lines
from flow_engine.explain import explain
from flow_engine.validation.surroundings import Surroundings
from flow_engine.vocabulary import JSONObject


def tell_why(case: Path, surroundings: Surroundings | None = None) -> ExitStatus:
    """``FAULTS`` when the case does not pass; it is told up to its first wrong bubble."""
    try:
        loaded = CaseFiles(surroundings).load(case)
    except CaseFileError as error:
        print(error, file=sys.stderr)
        return ExitStatus.USAGE
    result = run_case(loaded.case, loaded.program)
    _tell(result, loaded.document)
    return ExitStatus.CLEAN if result.passed else ExitStatus.FAULTS


def _tell(result: CaseResult, flow: JSONObject) -> None:
    for line in result.chat:
        for text in chat_lines(line, customer_of(result)):
            print(text)
        for sentence in explain(line.trace, flow):
            print(f"       - {sentence}")
    if result.mismatch is not None:
        for text in difference_lines(result.mismatch):
            print(text)
