"""The templates a business can begin from: the conversations that ship, with what goes into the tenant's own tables.

A template's opening hours and services are a beginning to change. Its telephone and address are not taken over: a
customer must never be given those of an example, so the FAQ has blanks there that hours and services have to fill.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from flow_engine.vocabulary import JSONObject

FLOWS: Final = Path(__file__).resolve().parents[3] / "flows"


@dataclass(frozen=True, slots=True)
class Industry:
    """``languages`` are those its texts are in. ``faq`` replaces what stands under a heading of the FAQ."""

    name: str
    title: str | Promise
    summary: str | Promise
    languages: tuple[str, ...]
    flow: Path
    folder: Path
    services: tuple[JSONObject, ...]
    faq: Mapping[str, str]


_WHERE: Final = "Estamos en {{ business.address }}."
_CALL: Final = "Puedes llamarnos al {{ business.phone }} en horario de apertura."

INDUSTRIES: Final = (
    Industry(
        "hairdresser",
        _("Hairdresser"),
        _("Book, change and cancel appointments, reminders, questions about prices and how to get there."),
        ("es",),
        FLOWS / "peluqueria_flow.yaml",
        FLOWS / "peluqueria",
        (
            {"id": "corte", "name": "Corte", "minutes": 30, "price": "18 €"},
            {"id": "color", "name": "Color", "minutes": 90, "price": "45 €"},
            {"id": "barba", "name": "Barba", "minutes": 30, "price": "12 €"},
        ),
        {
            "Horario": "{{ business.hours }}",
            "Dirección y cómo llegar": _WHERE,
            "Teléfono": _CALL,
            "Servicios y precios": "{{ business.services }}",
        },
    ),
    Industry(
        "clinic",
        _("Clinic"),
        _("Tells urgent cases from others, books and cancels appointments, answers about insurance and first visits."),
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
        {"Horario": "{{ business.hours }}", "Dirección y cómo llegar": _WHERE, "Teléfono": _CALL},
    ),
    Industry(
        "restaurant",
        _("Restaurant"),
        _("Books and cancels tables, shows the menu, the hours and the way, hands groups over to a person."),
        ("es",),
        FLOWS / "restaurante" / "flow.yaml",
        FLOWS / "restaurante",
        ({"id": "mesa", "name": "Mesa", "minutes": 90},),
        {"Horario": "{{ business.hours }}", "Dirección y cómo llegar": _WHERE, "Teléfono": _CALL},
    ),
)

BY_NAME: Final = {industry.name: industry for industry in INDUSTRIES}
