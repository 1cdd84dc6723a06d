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


type Row = tuple[str, str, str | None]
"""An option's three texts."""

type FixedRows = tuple[Row, ...] | None
"""All options of a choice where no text of any depends on anything, as nearly always; else ``None``."""


@dataclass(frozen=True, slots=True)
class SectionTemplate:
    rows: tuple[OptionTemplate, ...]
    title: Template | None
    fixed: FixedRows


def read_options(fields: Fields, key: str) -> tuple[OptionTemplate, ...]:
    options = tuple(_read_option(option) for option in fields.children(key))
    return options or fields.fail(key, "there is nothing to choose")


def _read_option(fields: Fields) -> OptionTemplate:
    return OptionTemplate(
        fields.template("id"),
        fields.template("title"),
        fields.optional_template("description"),
        read_keywords(fields, "synonyms"),
    )


def fixed_rows(options: tuple[OptionTemplate, ...]) -> FixedRows:
    rows = [row for option in options if (row := _fixed(option)) is not None]
    return tuple(rows) if len(rows) == len(options) else None


def _fixed(option: OptionTemplate) -> Row | None:
    """The three texts, if they are the same for everybody and need no mending."""
    description = None if option.description is None else option.description.constant
    option_id, title = option.id.constant, option.title.constant
    if option_id is None or title is None or (option.description is not None and description is None):
        return None
    needs_mending = any(
        text is not None and (not text or text != " ".join(text.split())) for text in (option_id, title, description)
    )
    return None if needs_mending else (option_id, title, description)


def read_sections(fields: Fields, key: str) -> tuple[SectionTemplate, ...]:
    sections = tuple(_read_section(section) for section in fields.children(key))
    return sections or fields.fail(key, "there is nothing to choose")


def _read_section(fields: Fields) -> SectionTemplate:
    rows = read_options(fields, "rows")
    return SectionTemplate(rows, fields.optional_template("title"), fixed_rows(rows))
