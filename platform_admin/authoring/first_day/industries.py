"""The templates a business can begin from: the conversations that ship, with what goes into the tenant's own tables.

A template's opening hours and services are a beginning to change. Its telephone and address are not taken over: a
customer must never be given those of an example, so the FAQ has blanks there that hours and services have to fill.
"""

from __future__ import annotations

from typing import Final

from platform_admin.authoring.first_day.clinic import CLINIC
from platform_admin.authoring.first_day.hairdresser import HAIRDRESSER
from platform_admin.authoring.first_day.restaurant import RESTAURANT

INDUSTRIES: Final = (HAIRDRESSER, CLINIC, RESTAURANT)

BY_NAME: Final = {industry.name: industry for industry in INDUSTRIES}
