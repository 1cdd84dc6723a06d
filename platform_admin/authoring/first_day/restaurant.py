"""The restaurant's template. Its two editions are the same conversation in two languages, each on its own."""

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
    FLOWS / "restaurante" / "flow.yaml",
    FLOWS / "restaurante",
    ({"id": "mesa", "name": "Mesa", "minutes": 90},),
    SPANISH,
    (
        Expectation("¿Tenéis aparcamiento?", "Aparcamiento"),
        Expectation("¿Se puede ir con perro?", "Mascotas"),
        Expectation("¿Quién ganó la liga?", ""),
    ),
)

_IN_ENGLISH: Final = Edition(
    "en",
    ("en",),
    FLOWS / "restaurant" / "flow.yaml",
    FLOWS / "restaurant",
    ({"id": "table", "name": "Table", "minutes": 90},),
    ENGLISH,
    (
        Expectation("How much is the set lunch?", "Menu and prices"),
        Expectation("Are dogs welcome?", "Pets"),
        Expectation("Who won the league?", ""),
    ),
)

RESTAURANT: Final = Industry(
    "restaurant",
    _("Restaurant"),
    _("Books and cancels tables, shows the menu, the hours and the way, hands groups over to a person."),
    (_IN_SPANISH, _IN_ENGLISH),
)
