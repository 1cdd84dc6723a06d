"""A conversation of one step: what an empty editor begins with at one press."""

from __future__ import annotations

import json
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import override

from platform_admin.changes.step_title import step_name
from platform_admin.tenants.models import Tenant

MAIN_FLOW: Final = "main"


def first_conversation(tenant: Tenant) -> str:
    """In the tenant's own language, since customers read it; without a fault."""
    with override(tenant.language):
        step, greeting = step_name(_("Welcome")), _("Hello, this is %(business)s. How can we help you?")
    said = json.dumps(greeting % {"business": tenant.name}, ensure_ascii=False)
    return (
        f"id: {MAIN_FLOW}\ninitial_state: {step}\n\nstates:\n  {step}:\n    on_enter:\n"
        f"      - action: send_text\n        text: {said}\n    fallback: {step}\n"
    )
