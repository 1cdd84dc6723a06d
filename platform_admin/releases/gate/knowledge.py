"""The FAQ document is not longer than a prompt may be, and every fact it takes from the business settings is there.

What its linter finds is told and keeps nothing back.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from connectors.llm.linting import KnowledgeFacts, lint_knowledge
from flow_engine.diagnostics import Diagnostic, Severity
from platform_admin.knowledge.facts import unknown_facts
from platform_admin.knowledge.models import MAX_MARKDOWN_CHARACTERS
from platform_admin.releases.gate.candidate import Candidate
from platform_admin.releases.gate.check import Outcome


def knowledge(candidate: Candidate) -> Outcome:
    if len(candidate.markdown) <= MAX_MARKDOWN_CHARACTERS:
        return Outcome.of((*_unknown_facts(candidate), *_findings(candidate)))
    blanks = {"characters": len(candidate.markdown), "most": MAX_MARKDOWN_CHARACTERS}
    message = _("The FAQ has %(characters)s characters, %(most)s fit.") % blanks
    return Outcome.of([Diagnostic("S210", Severity.ERROR, message, _("Shorten it."), "knowledge", 1, 1)])


def _unknown_facts(candidate: Candidate) -> Iterator[Diagnostic]:
    for unknown in unknown_facts(candidate.markdown, candidate.facts):
        message = _("The FAQ takes %(fact)s from the business settings, where nothing is written.") % {
            "fact": unknown.key
        }
        hint = _("Write it under hours and services, or take it out of the text.")
        yield Diagnostic("S215", Severity.ERROR, message, hint, "knowledge", unknown.line, 1)


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
