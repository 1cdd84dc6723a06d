"""A small business to test with: its flow, its knowledge, and the shortest way to a provisioned tenant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from platform_admin.releases.provisioning import RuntimeSecrets, provision
from platform_admin.releases.sources import Sources, SourceText
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.models import Tenant

COMMAND: Final = CommandActor("test")

FLOW: Final = """\
id: greeting
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_interactive_buttons
        body: "¡Hola! ¿Qué desea?"
        buttons:
          - id: "hours"
            title: "Horario"
    transitions:
      - on_payload: "hours"
        target: HOURS
    fallback: MENU
  HOURS:
    on_enter:
      - action: send_text
        text: "De 10:00 a 20:00."
    fallback: MENU
"""

BROKEN_FLOW: Final = FLOW.replace("target: HOURS", "target: NOWHERE").replace("title:", "titel:")
"""Two faults: an unknown key in line 10 and a missing state in line 13."""

CALENDAR_FLOW: Final = FLOW.replace(
    '        text: "De 10:00 a 20:00."',
    '        text: "Un momento."\n      - action: invoke_connector\n        connector: calendar\n'
    '        operation: get_available_days\n        params: {from_date: "{{data.today}}", lookahead_days: 14}',
)

KNOWLEDGE: Final = "# Luna\n\nAbrimos de 10:00 a 20:00.\n"


@dataclass(frozen=True, slots=True)
class Provisioned:
    tenant: Tenant
    secrets: RuntimeSecrets


def provisioned(slug: str, *, name: str = "A business") -> Provisioned:
    tenant, secrets = provision(
        slug=slug, name=name, language="es", timezone="Europe/Madrid", channel="http_dev", by=COMMAND
    )
    return Provisioned(tenant, secrets)


def sources(flow: str = FLOW, *, knowledge: str | None = None, settings: str | None = None) -> Sources:
    return Sources(
        flow=SourceText(flow, "flow.yaml"),
        knowledge=knowledge,
        settings=None if settings is None else SourceText(settings, "settings.yaml"),
    )
