"""The questions that must be right, asked of the FAQ as it would go out."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from flow_engine.diagnostics import Diagnostic, Severity
from platform_admin.knowledge.evaluating import Evaluated, evaluate
from platform_admin.knowledge.facts import fill_facts
from platform_admin.releases.gate.candidate import Candidate
from platform_admin.releases.gate.check import Outcome


def evaluation(candidate: Candidate) -> Outcome:
    if not candidate.expectations:
        return Outcome.not_available(_("There are no questions yet that must be right."))
    markdown = fill_facts(candidate.markdown, candidate.facts)
    return Outcome.of(_faults(evaluate(candidate.expectations, markdown, language=candidate.language)))


def _faults(evaluated: tuple[Evaluated, ...]) -> Iterator[Diagnostic]:
    for one in evaluated:
        if not one.holds:
            yield Diagnostic("S216", Severity.ERROR, _said(one), "", "knowledge", 1, 1)


def _said(one: Evaluated) -> str:
    blanks = {"question": one.expected.question, "heading": one.expected.heading, "found": one.answer.heading}
    if not one.expected.heading:
        return _("“%(question)s” must not be answered, and is, from “%(found)s”.") % blanks
    if not one.answer.answered:
        return _("“%(question)s” must be answered from “%(heading)s”, and is not.") % blanks
    return _("“%(question)s” must be answered from “%(heading)s”, and is from “%(found)s”.") % blanks
