"""What the linter finds in the FAQ document is told with the gate's other results, and keeps nothing back."""

from __future__ import annotations

import pytest
from django.utils import translation

from flow_engine.diagnostics import Severity
from platform_admin.releases import actions
from platform_admin.releases.gate import run_gate
from platform_admin.releases.sources import candidate_of, read_written
from platform_admin.tenants.models import Tenant
from tests.platform_admin.business import COMMAND, sources

pytestmark = pytest.mark.django_db

SETTINGS = """
channels: [{type: http_dev}]
business: {services: [{id: cut, name: Corte, minutes: 30, price: 18 €}]}
"""
KNOWLEDGE = "## Precios\n\n- Corte: 20 €\n\n## Oferta\n\nvalid_until: 2020-01-01\nTodo a mitad de precio.\n"


def findings(tenant: Tenant) -> list[tuple[str, Severity, int, str]]:
    written = read_written(tenant=tenant, sources=sources(knowledge=KNOWLEDGE, settings=SETTINGS))
    report = run_gate(candidate_of(tenant=tenant, written=written))
    return [
        (fault.code, fault.severity, fault.line, fault.message) for fault in report.faults if fault.code.startswith("K")
    ]


def test_findings_are_warnings_with_their_lines_in_the_readers_language(luna: Tenant) -> None:
    with translation.override("es"):
        assert findings(luna) == [
            (
                "K103",
                Severity.WARNING,
                3,
                "«Corte: 20 €» no es lo que cuesta el servicio «Corte» en los ajustes.",
            ),
            ("K106", Severity.WARNING, 7, "Esta sección valía hasta el 2020-01-01."),
        ]
    with translation.override("en"):
        assert findings(luna)[1][3] == "This section held until 2020-01-01."


def test_a_document_with_findings_goes_out(luna: Tenant) -> None:
    release = actions.publish(tenant=luna, by=COMMAND, sources=sources(knowledge=KNOWLEDGE, settings=SETTINGS))
    assert release.serial == 1
