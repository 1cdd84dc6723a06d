"""The flow's own faults, and whether there is one at all."""

from __future__ import annotations

from flow_engine.diagnostics import Diagnostic, Severity
from platform_admin.releases.gate.candidate import Candidate
from platform_admin.releases.gate.check import Outcome


def language(candidate: Candidate) -> Outcome:
    if candidate.flow_source is None:
        message = f"{candidate.tenant} has no flow yet."
        return Outcome.of([Diagnostic("S208", Severity.ERROR, message, "Write one first.", "flow", 1, 1)])
    return Outcome.of(candidate.flow_faults)
