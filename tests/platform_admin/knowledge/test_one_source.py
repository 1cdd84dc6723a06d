"""What is written under hours and services is the one source: for free times, for the FAQ, for "we are open"."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime

import pytest

from connectors.llm.verification import read_knowledge
from connectors.registry import ConnectorRegistry
from flow_engine.bundle import open_bundle
from flow_engine.bundle.content import Bundle
from flow_engine.expressions import compile_condition, locale_for
from flow_engine.vocabulary import JSONObject
from platform_admin.business import actions as business
from platform_admin.knowledge.answering import answer_from
from platform_admin.releases.actions import publish
from platform_admin.releases.models import Release
from platform_admin.releases.signing_key import platform_signing_key
from platform_admin.tenants.models import Tenant
from tests.connectors.calendar.desk import Desk
from tests.platform_admin.business import COMMAND, sources

pytestmark = pytest.mark.django_db

SETTINGS = json.dumps(
    {
        "channels": [{"type": "http_dev"}],
        "connectors": {"calendar": {"type": "mock_calendar", "timezone": "Europe/Madrid", "lookahead_days_client": 14}},
    }
)
FAQ = "## Horario\n\n{{ business.hours }}\n\n## Días especiales\n\n{{ business.special_days }}\n"
MONDAY, TUESDAY, WEDNESDAY = "2030-12-02", "2030-12-03", "2030-12-04"
WRITTEN: JSONObject = {
    "hours": {"mon": ["10:00-11:00"], "tue": ["10:00-11:00"], "wed": ["10:00-11:00"]},
    "special_days": [{"date": TUESDAY, "hours": ["17:00-18:00"], "name": "Inventario"}],
    "holidays": [WEDNESDAY],
    "services": [{"id": "corte", "name": "Corte", "minutes": 30}],
}


def published(tenant: Tenant, document: JSONObject) -> Bundle:
    """What a runtime would have after one press of Publish."""
    business.save_draft(tenant=tenant, document=document, by=COMMAND)
    release: Release = publish(tenant=tenant, by=COMMAND, sources=sources(knowledge=FAQ, settings=SETTINGS))
    keys = [platform_signing_key().public_key]
    return open_bundle(bytes(release.envelope), public_keys=keys, tenant="luna", floor_serial=0, floor_digest=None)


def free_times(bundle: Bundle, day: str) -> list[str]:
    async def ask() -> list[str]:
        registry = ConnectorRegistry.from_config(bundle.connectors, business=bundle.settings.business)
        try:
            return await Desk(registry, at=datetime(2030, 12, 1, 8, tzinfo=UTC)).slots(day, service="corte")
        finally:
            await registry.close()

    return asyncio.run(ask())


def is_open(bundle: Bundle, moment: str) -> bool:
    condition = compile_condition("business.open_at(data.now)", locale_for("es", "Europe/Madrid"))
    scope: JSONObject = {"data": {"now": f"{moment}+01:00"}, "business": bundle.settings.business}
    return condition.test(scope)


def faq(bundle: Bundle) -> str:
    assert bundle.knowledge is not None
    return bundle.knowledge.markdown


def test_hours_days_apart_and_holidays_say_the_same_everywhere(luna: Tenant) -> None:
    bundle = published(luna, WRITTEN)
    assert [free_times(bundle, day) for day in (MONDAY, TUESDAY, WEDNESDAY)] == [
        ["10:00", "10:30"],
        ["17:00", "17:30"],
        [],
    ]
    opened = {
        day: [is_open(bundle, f"{day}T10:30"), is_open(bundle, f"{day}T17:30")] for day in (MONDAY, TUESDAY, WEDNESDAY)
    }
    assert opened == {MONDAY: [True, False], TUESDAY: [False, True], WEDNESDAY: [False, False]}
    assert faq(bundle) == (
        "## Horario\n\nLunes a miércoles: de 10:00 a 11:00.\nJueves a domingo: cerrado.\n\n"
        "## Días especiales\n\n3 de diciembre de 2030 (Inventario): de 17:00 a 18:00.\n"
    )


def test_one_change_there_is_a_change_in_all_three(luna: Tenant) -> None:
    published(luna, WRITTEN)
    bundle = published(luna, {**WRITTEN, "hours": {"mon": ["12:00-13:00"]}})
    assert bundle.serial == 2
    assert free_times(bundle, MONDAY) == ["12:00", "12:30"]
    assert (is_open(bundle, f"{MONDAY}T10:30"), is_open(bundle, f"{MONDAY}T12:30")) == (False, True)
    assert "Lunes: de 12:00 a 13:00." in faq(bundle)
    assert "10:00" not in faq(bundle).partition("## Días")[0]


def test_a_question_in_production_is_answered_with_the_fact(luna: Tenant) -> None:
    """The runtime reads what the bundle carries: no braces are left for a customer."""
    answer = answer_from(read_knowledge(faq(published(luna, WRITTEN))), "¿A qué hora abrís?", language="es")
    assert answer.text == "Lunes a miércoles: de 10:00 a 11:00.\nJueves a domingo: cerrado."
