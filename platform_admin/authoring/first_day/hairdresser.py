"""The hairdresser's template. Its two editions are the same conversation in two languages, each on its own."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from platform_admin.authoring.first_day.edition import FLOWS, Edition
from platform_admin.authoring.first_day.faq_blanks import ENGLISH, SPANISH
from platform_admin.authoring.first_day.industry import Industry
from platform_admin.knowledge.evaluating import Expectation

_IN_SPANISH: Final = Edition(
    "es",
    ("es",),
    FLOWS / "peluqueria_flow.yaml",
    FLOWS / "peluqueria",
    (
        {"id": "corte", "name": "Corte", "minutes": 30, "price": "18 €"},
        {"id": "color", "name": "Color", "minutes": 90, "price": "45 €"},
        {"id": "barba", "name": "Barba", "minutes": 30, "price": "12 €"},
    ),
    {**SPANISH, "Servicios y precios": "{{ business.services }}"},
    (
        Expectation("¿Cuánto cuesta un corte?", "Servicios y precios"),
        Expectation("¿Abrís los sábados?", "Horario"),
        Expectation("¿Quién ganó la liga?", ""),
    ),
)

_IN_ENGLISH: Final = Edition(
    "en",
    ("en",),
    FLOWS / "hairdresser" / "flow.yaml",
    FLOWS / "hairdresser",
    (
        {"id": "cut", "name": "Cut", "minutes": 30, "price": "€18"},
        {"id": "colour", "name": "Colour", "minutes": 90, "price": "€45"},
        {"id": "beard", "name": "Beard", "minutes": 30, "price": "€12"},
    ),
    {**ENGLISH, "Services and prices": "{{ business.services }}"},
    (
        Expectation("How much is a cut?", "Services and prices"),
        Expectation("Are you open on Saturdays?", "Opening hours"),
        Expectation("Who won the league?", ""),
    ),
)

HAIRDRESSER: Final = Industry(
    "hairdresser",
    _("Hairdresser"),
    _("Book, change and cancel appointments, reminders, questions about prices and how to get there."),
    (_IN_SPANISH, _IN_ENGLISH),
)
