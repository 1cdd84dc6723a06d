"""Template definitions from a few words."""

from __future__ import annotations

from connectors.whatsapp.template_definition import APPROVED, TemplateDefinition


def definition(name: str, language: str = "es", *, status: str = APPROVED) -> TemplateDefinition:
    return TemplateDefinition(name, language, "UTILITY", status, 1, None, ())
