"""Results of cases as JUnit XML, which every continuous integration shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from xml.etree import ElementTree as ET

from flow_engine.cases import CaseResult
from flow_engine.cli.report import failure_lines

_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(results: Sequence[CaseResult], broken: Sequence[tuple[str, str]]) -> bytes:
    """One ``testcase`` per case; ``broken`` are files that could not be run, with the reason."""
    failures = sum(not result.passed for result in results)
    counts = {"tests": len(results) + len(broken), "failures": failures, "errors": len(broken)}
    suite = ET.Element("testsuite", {"name": "flows", **{name: str(count) for name, count in counts.items()}})
    for result in results:
        case = ET.SubElement(suite, "testcase", _names(result.case.file, result.case.description))
        if result.mismatch is not None:
            failure = ET.SubElement(case, "failure", {"message": _clean(result.mismatch.message)})
            failure.text = _clean("\n".join(failure_lines(result)))
    for file, reason in broken:
        error = ET.SubElement(ET.SubElement(suite, "testcase", _names(file, file)), "error", {"message": "not run"})
        error.text = _clean(reason)
    ET.indent(suite)
    document: bytes = ET.tostring(suite, encoding="utf-8", xml_declaration=True)
    return document


def _names(file: str, description: str) -> dict[str, str]:
    return {"classname": _clean(file), "name": _clean(description), "file": _clean(file)}


def _clean(text: str) -> str:
    """Without what XML cannot hold: a bot may say any character."""
    return _NOT_XML.sub("\ufffd", text)
