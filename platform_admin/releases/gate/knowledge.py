"""The FAQ document is not longer than a prompt may be."""

from __future__ import annotations

from flow_engine.diagnostics import Diagnostic, Severity
from platform_admin.knowledge.models import MAX_MARKDOWN_CHARACTERS
from platform_admin.releases.gate.candidate import Candidate
from platform_admin.releases.gate.check import Outcome


def knowledge(candidate: Candidate) -> Outcome:
    if len(candidate.markdown) <= MAX_MARKDOWN_CHARACTERS:
        return Outcome.of(())
    message = f"The knowledge document has {len(candidate.markdown)} characters, {MAX_MARKDOWN_CHARACTERS} fit."
    return Outcome.of([Diagnostic("S210", Severity.ERROR, message, "Shorten it.", "knowledge", 1, 1)])
