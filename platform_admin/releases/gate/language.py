"""The flow's own faults, and whether there is one at all."""

from __future__ import annotations

from django.utils.translation import gettext as _

from flow_engine.diagnostics import Diagnostic, Severity
from platform_admin.releases.gate.candidate import Candidate
from platform_admin.releases.gate.check import Outcome


def language(candidate: Candidate) -> Outcome:
    if candidate.flow_source is None:
        message = _("%(tenant)s has no conversation yet.") % {"tenant": candidate.tenant}
        return Outcome.of([Diagnostic("S208", Severity.ERROR, message, _("Write one first."), "flow", 1, 1)])
    return Outcome.of(candidate.flow_faults)
