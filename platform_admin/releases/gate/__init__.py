"""What must hold between flow, knowledge, settings and credentials before they go out together.

The gate is the list ``GATE``: each check has its text, the place to mend what it finds, and a function without side
effects. Adding one is a file here and a line there.

Codes of faults: S201 a connector the flow calls is not set up, S202 a connector that cannot be built, S203 a secret
that a channel needs is not stored, S204 a stored secret has no place, S205 free questions without what they need, S206
no channel, S208 no flow yet, S209 a program that the runtime cannot load, S210 a knowledge document that is too long,
S211 a conversation test that fails, S212 one that cannot be run, S213 a template that WhatsApp has not approved,
S214 the same channel twice, S215 a fact of the FAQ that nothing fills, S216 a question that must be right and is not.
K101 to K111 are what the knowledge document's linter finds; they are warnings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from flow_engine.diagnostics import Diagnostic
from flow_engine.vocabulary import JSONObject
from platform_admin.releases.gate.candidate import Candidate
from platform_admin.releases.gate.channels import channels
from platform_admin.releases.gate.check import Check, CheckResult, Outcome, State
from platform_admin.releases.gate.connectors import connectors
from platform_admin.releases.gate.conversation_tests import conversation_tests
from platform_admin.releases.gate.credentials import credentials
from platform_admin.releases.gate.evaluation import evaluation
from platform_admin.releases.gate.free_questions import free_questions
from platform_admin.releases.gate.knowledge import knowledge
from platform_admin.releases.gate.language import language
from platform_admin.releases.gate.loads import loads
from platform_admin.releases.gate.settings import settings
from platform_admin.releases.gate.templates import templates

__all__ = ["AGAIN", "GATE", "Candidate", "Check", "CheckResult", "GateReport", "Outcome", "State", "run_gate"]

_LANGUAGE: Final = Check("language", _("The conversation has no faults"), "flow", language)
_TESTS: Final = Check("tests", _("Every conversation test passes"), "tests", conversation_tests, must_run=False)
_EVALUATION: Final = Check(
    "evaluation", _("The FAQ answers what it must, and nothing else"), "knowledge", evaluation, must_run=False
)

AGAIN: Final[tuple[Check, ...]] = (
    Check("knowledge", _("The FAQ document fits"), "knowledge", knowledge),
    Check("settings", _("Settings and opening hours are complete"), "settings", settings),
    Check("channels", _("Customers can reach the bot"), "settings", channels),
    Check("connectors", _("Everything the conversation calls is connected"), "connections", connectors),
    Check("credentials", _("Every stored key has its place"), "credentials", credentials),
    Check("free_questions", _("Free questions have what they need"), "knowledge", free_questions),
    Check("loads", _("The bot can load it"), "flow", loads),
    Check("templates", _("WhatsApp has approved the templates"), "templates", templates, must_run=False),
)
"""What can have changed around a release that went out before: for going back to it, and for staged to live."""

GATE: Final[tuple[Check, ...]] = (_LANGUAGE, *AGAIN, _TESTS, _EVALUATION)
"""Everything, cheap things first: the tests run only when the rest holds."""


@dataclass(frozen=True, slots=True)
class GateReport:
    """Every check with what came of it, in the order of the gate."""

    results: tuple[CheckResult, ...]

    @property
    def passed(self) -> bool:
        """Whether it may go out. What was not available has not passed, but only some of it keeps a release back."""
        return not any(result.refuses for result in self.results)

    @property
    def faults(self) -> tuple[Diagnostic, ...]:
        return tuple(fault for result in self.results for fault in result.outcome.faults)

    def to_json(self) -> list[JSONObject]:
        return [result.to_json() for result in self.results]


def run_gate(candidate: Candidate, checks: Sequence[Check] = GATE) -> GateReport:
    """Every check, whatever the ones before it said; the conversation tests only when nothing else failed."""
    results: list[CheckResult] = []
    for check in checks:
        if check is _TESTS and any(result.refuses for result in results):
            outcome = Outcome.not_available(str(_("The tests run once everything above holds.")))
        else:
            outcome = check.run(candidate)
        results.append(CheckResult(check, outcome))
    return GateReport(tuple(results))
