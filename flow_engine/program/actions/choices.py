"""What the actions that offer something to choose are made of."""

from __future__ import annotations

from dataclasses import dataclass

from flow_engine.expressions import Template
from flow_engine.program.keywords import Keywords, read_keywords
from flow_engine.program.reading import Fields


@dataclass(frozen=True, slots=True)
class OptionTemplate:
    """One option before rendering. ``id`` becomes the payload; ``synonyms`` count as its title when typed."""

    id: Template
    title: Template
    description: Template | None = None
    synonyms: Keywords | None = None


@dataclass(frozen=True, slots=True)
class SectionTemplate:
    rows: tuple[OptionTemplate, ...]
    title: Template | None


def read_options(fields: Fields, key: str) -> tuple[OptionTemplate, ...]:
    options = tuple(
        OptionTemplate(
            option.template("id"),
            option.template("title"),
            option.optional_template("description"),
            read_keywords(option, "synonyms"),
        )
        for option in fields.children(key)
    )
    return options or fields.fail(key, "there is nothing to choose")


def read_sections(fields: Fields, key: str) -> tuple[SectionTemplate, ...]:
    sections = tuple(
        SectionTemplate(read_options(section, "rows"), section.optional_template("title"))
        for section in fields.children(key)
    )
    return sections or fields.fail(key, "there is nothing to choose")
