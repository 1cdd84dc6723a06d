"""The FAQ document is not longer than a prompt may be; what else its linter finds is told and keeps nothing back."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import get_language

from connectors.llm.linting import KnowledgeFacts, lint_knowledge
from flow_engine.diagnostics import Diagnostic, Severity
from platform_admin.knowledge.models import MAX_MARKDOWN_CHARACTERS
from platform_admin.releases.gate.candidate import Candidate
from platform_admin.releases.gate.check import Outcome


def knowledge(candidate: Candidate) -> Outcome:
    if len(candidate.markdown) <= MAX_MARKDOWN_CHARACTERS:
        return Outcome.of(_findings(candidate))
    message = f"The knowledge document has {len(candidate.markdown)} characters, {MAX_MARKDOWN_CHARACTERS} fit."
    return Outcome.of([Diagnostic("S210", Severity.ERROR, message, "Shorten it.", "knowledge", 1, 1)])


def _findings(candidate: Candidate) -> Iterator[Diagnostic]:
    """An empty document is no finding here: whether one is needed, ``free_questions`` knows."""
    if not candidate.markdown.strip():
        return
    business = {} if candidate.settings is None else candidate.settings.business.to_json()
    facts = KnowledgeFacts.from_business(business, candidate.languages)
    language = get_language() or "en"
    for finding in lint_knowledge(candidate.markdown, today=candidate.today, facts=facts):
        message, hint = finding.message.in_language(language), finding.hint.in_language(language)
        yield Diagnostic(finding.code.value, Severity.WARNING, message, hint, "knowledge", finding.line, 1)
