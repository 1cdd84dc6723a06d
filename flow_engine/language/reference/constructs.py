"""One construct of the language as a section: what it is for, an example, and a table of its keys."""

from __future__ import annotations

import inspect
import re

from pydantic.fields import FieldInfo

from flow_engine.language.construct import Construct
from flow_engine.language.reference.value_words import value_words


def construct_section(model: type[Construct]) -> str:
    """The docstring as prose and example, then the keys."""
    return f"{prose(model)}\n\n{keys_table(model)}"


def prose(documented: object) -> str:
    """The docstring in Markdown, its paragraphs each on a line of their own."""
    text = re.sub(r"``(.+?)``", r"`\1`", inspect.getdoc(documented) or "")
    before, fence, example = text.partition("```yaml")
    paragraphs = [" ".join(part.split()) for part in before.strip().split("\n\n")]
    return "\n\n".join(paragraphs) + (f"\n\n{fence}{example}" if fence else "")


def keys_table(model: type[Construct]) -> str:
    rows = [
        f"| `{field.alias or name}` | {value_words(field)} | {_presence(field)} |"
        for name, field in model.model_fields.items()
        if name not in ("action", "when")
    ]
    return "\n".join(["| key | holds | |", "|---|---|---|", *rows]) if rows else "It has no keys of its own."


def _presence(field: FieldInfo) -> str:
    if field.is_required():
        return "needed"
    default = field.default
    if default is None or default in ((), {}) or field.default_factory is not None:
        return ""
    return f"`{str(default).lower() if isinstance(default, bool) else default}` if left out"
