"""The approved template that somebody chose in a form, its blanks filled: what a person may still send late."""

from __future__ import annotations

from typing import Final

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.errors import NotThereError
from platform_admin.sight.templates_to_send import sendable_templates
from platform_admin.tenants.models import Tenant

_LONGEST_BLANK: Final = 1_024
"""WhatsApp's limit for the whole body of a template."""


def filled_template(tenant: Tenant, form: QueryDict) -> JSONObject:
    """The blanks in their order, each filled. Raises ``NotThereError`` for a template that cannot be sent."""
    wanted = (form.get("template", ""), form.get("language", ""))
    found = next((one for one in sendable_templates(tenant) if (one.name, one.language) == wanted), None)
    if found is None:
        raise NotThereError(_("This template is not there any more. Choose another one."))
    filled: list[JSON] = []
    for blank in found.blanks:
        text = " ".join(form.get(f"blank_{blank}", "").split())[:_LONGEST_BLANK]
        if not text:
            raise ValidationError(_("Fill every blank of the template."))
        filled.append({"text": text} if blank.isdecimal() else {"text": text, "name": blank})
    return {"name": found.name, "language": found.language, "parameters": filled}
