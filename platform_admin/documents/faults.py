"""A fault as drafts keep it and editors list it."""

from __future__ import annotations

from flow_engine.diagnostics import Diagnostic
from flow_engine.vocabulary import JSONObject


def fault_as_json(fault: Diagnostic) -> JSONObject:
    return {
        "code": fault.code,
        "severity": str(fault.severity),
        "message": fault.message,
        "hint": fault.hint,
        "line": fault.line,
        "column": fault.column,
    }
