"""The message templates that a channel has approved, as data: ``[{"name", "language", "parameters"}]``."""

from __future__ import annotations

import json
from collections.abc import Mapping

from flow_engine.errors import SurroundingsError

type ApprovedTemplates = Mapping[tuple[str, str], int | None]
"""By name and language: how many blanks are filled, or None where the list does not say."""


def read_templates(text: str) -> ApprovedTemplates:
    """The list written in ``text``. Raises SurroundingsError."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SurroundingsError(f"this is no JSON: {error}") from error
    if not isinstance(content, list):
        raise SurroundingsError('the templates must be a list of {"name", "language", "parameters"}')
    return dict(_template(item, index) for index, item in enumerate(content))


def _template(item: object, index: int) -> tuple[tuple[str, str], int | None]:
    members = item if isinstance(item, dict) else {}
    name, language, parameters = members.get("name"), members.get("language"), members.get("parameters")
    if not isinstance(name, str) or not isinstance(language, str):
        raise SurroundingsError(f'template {index}: "name" and "language" must be texts')
    if parameters is not None and (not isinstance(parameters, int) or isinstance(parameters, bool)):
        raise SurroundingsError(f'template {index}: "parameters" is how many there are')
    return (name, language), parameters
