"""What every template's FAQ takes from the business settings, by the heading it stands under."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SPANISH: Final[Mapping[str, str]] = {
    "Horario": "{{ business.hours }}",
    "Dirección y cómo llegar": "Estamos en {{ business.address }}.",
    "Teléfono": "Puedes llamarnos al {{ business.phone }} en horario de apertura.",
}

ENGLISH: Final[Mapping[str, str]] = {
    "Opening hours": "{{ business.hours }}",
    "Address and how to get there": "We are at {{ business.address }}.",
    "Telephone": "You can call us on {{ business.phone }} during opening hours.",
}
