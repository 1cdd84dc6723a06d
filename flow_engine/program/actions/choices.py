"""What the actions that offer something to choose are made of."""

from __future__ import annotations

from dataclasses import dataclass

from flow_engine.expressions import Template
from flow_engine.program.keywords import Keywords, read_keywords
from flow_engine.program.reading import Fields


@dataclass(frozen=True, slots=True)
class OptionTemplate:
    """One option before rendering. ``id`` becomes the payload; ``synonyms`` count as its title when typed.

    ``fixed`` are the three texts of the option where none of them depends on anything (and they need no mending).
    """

    id: Template
    title: Template
    description: Template | None = None
    synonyms: Keywords | None = None
    fixed: tuple[str, str, str | None] | None = None


@dataclass(frozen=True, slots=True)
class SectionTemplate:
    rows: tuple[OptionTemplate, ...]
    title: Template | None


def read_options(fields: Fields, key: str) -> tuple[OptionTemplate, ...]:
    options = tuple(_read_option(option) for option in fields.children(key))
    return options or fields.fail(key, "there is nothing to choose")


def _read_option(fields: Fields) -> OptionTemplate:
    option_id, title = fields.template("id"), fields.template("title")
    description = fields.optional_template("description")
    fixed = _fixed(option_id, title, description)
    return OptionTemplate(option_id, title, description, read_keywords(fields, "synonyms"), fixed)


def _fixed(option_id: Template, title: Template, description: Template | None) -> tuple[str, str, str | None] | None:
    texts = (option_id.constant, title.constant, None if description is None else description.constant)
    if texts[0] is None or texts[1] is None or (description is not None and texts[2] is None):
        return None
    needs_mending = any(text is not None and (not text or text != " ".join(text.split())) for text in texts)
    return None if needs_mending else (texts[0], texts[1], texts[2])


def read_sections(fields: Fields, key: str) -> tuple[SectionTemplate, ...]:
    sections = tuple(
        SectionTemplate(read_options(section, "rows"), section.optional_template("title"))
        for section in fields.children(key)
    )
    return sections or fields.fail(key, "there is nothing to choose")
