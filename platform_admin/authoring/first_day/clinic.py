"""The clinic's template: one conversation in two languages, for patients of both."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from platform_admin.authoring.first_day.edition import FLOWS, Edition
from platform_admin.authoring.first_day.faq_blanks import ENGLISH, SPANISH
from platform_admin.authoring.first_day.industry import Industry
from platform_admin.knowledge.evaluating import Expectation

_IN_SPANISH: Final = Edition(
    "es",
    ("es", "en"),
    FLOWS / "clinica" / "flow.yaml",
    FLOWS / "clinica",
    (
        {"id": "revision", "name": "Revisión", "minutes": 30},
        {"id": "limpieza", "name": "Limpieza", "minutes": 45, "price": "50 €"},
        {"id": "empaste", "name": "Empaste", "minutes": 45},
        {"id": "ortodoncia", "name": "Ortodoncia", "minutes": 30},
        {"id": "urgencia", "name": "Urgencia", "minutes": 30},
    ),
    {**SPANISH, **ENGLISH},
    (
        Expectation("¿Cuánto cuesta una limpieza?", "Precios"),
        Expectation("¿Tenéis aparcamiento?", "Aparcamiento"),
        Expectation("¿Quién ganó la liga?", ""),
    ),
)

_IN_ENGLISH: Final = Edition(
    "en",
    ("en", "es"),
    FLOWS / "clinica" / "flow.yaml",
    FLOWS / "clinica",
    (
        {"id": "revision", "name": "Check-up", "minutes": 30},
        {"id": "limpieza", "name": "Cleaning", "minutes": 45, "price": "€50"},
        {"id": "empaste", "name": "Filling", "minutes": 45},
        {"id": "ortodoncia", "name": "Braces", "minutes": 30},
        {"id": "urgencia", "name": "Urgent visit", "minutes": 30},
    ),
    ENGLISH,
    (
        Expectation("How much is a cleaning?", "Prices"),
        Expectation("Do you have a car park?", "Parking"),
        Expectation("Who won the league?", ""),
    ),
    part=("In English", "What patients ask"),
)

CLINIC: Final = Industry(
    "clinic",
    _("Clinic"),
    _("Tells urgent cases from others, books and cancels appointments, answers about insurance and first visits."),
    (_IN_SPANISH, _IN_ENGLISH),
)
