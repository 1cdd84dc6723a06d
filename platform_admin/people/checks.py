"""What ``manage.py check --deploy`` says about signing in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register  # noqa: A004 - Django's name for it

NEEDS_NO_SECOND_FACTOR = Warning(
    "SKIP_SECOND_FACTOR is on: operators sign in with a password alone.",
    hint="It is for a demo on one machine. Take it out of the environment.",
    id="people.W001",
)


@register(Tags.security, deploy=True)
def second_factor_is_required(**_: Any) -> list[CheckMessage]:
    return [NEEDS_NO_SECOND_FACTOR] if settings.SKIP_SECOND_FACTOR else []
