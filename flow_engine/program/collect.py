from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flow_engine.answers import AnswerKind
from flow_engine.expressions import Condition, Template, ValueTemplate
from flow_engine.program.actions.choices import FixedRows, OptionTemplate, fixed_rows, read_options
from flow_engine.program.computed import read_data_name
from flow_engine.program.reading import Fields
from flow_engine.program.transition import read_set_data


@dataclass(frozen=True, slots=True)
class Collect:
    """What a state asks for: an answer of one kind, kept in data under ``save_as``.

    ``text`` is asked once ``on_enter`` is done. An answer that cannot be used is met with ``retry_text`` (or the
    sentence ``collect_<kind>``), until ``max_tries`` of them lead to ``on_max_tries``. ``min`` and ``max`` render to
    bounds of the kind; for a text they count characters.
    """

    kind: AnswerKind
    save_as: str
    text: Template | None
    retry_text: Template | None
    validate: Condition | None
    max_tries: int
    on_max_tries: str | None
    options: tuple[OptionTemplate, ...]
    fixed: FixedRows
    min: ValueTemplate | None
    max: ValueTemplate | None
    target: str
    set_data: Mapping[str, ValueTemplate]


def read_collect(fields: Fields) -> Collect:
    kind = _read_kind(fields)
    save_as = read_data_name(fields, "save_as")
    options = read_options(fields, "options") if kind is AnswerKind.CHOICE else ()
    return Collect(
        kind=kind,
        save_as=save_as or fields.fail("save_as", "a name was expected"),
        text=fields.optional_template("text"),
        retry_text=fields.optional_template("retry_text"),
        validate=fields.condition("validate"),
        max_tries=fields.optional_whole_number("max_tries") or fields.fail("max_tries", "a number was expected"),
        on_max_tries=fields.optional_target("on_max_tries"),
        options=options,
        fixed=fixed_rows(options),
        min=None if fields.optional("min") is None else fields.value_template("min"),
        max=None if fields.optional("max") is None else fields.value_template("max"),
        target=fields.target("target"),
        set_data=read_set_data(fields),
    )


def _read_kind(fields: Fields) -> AnswerKind:
    try:
        return AnswerKind(fields.text("type"))
    except ValueError as fault:
        fields.fail("type", str(fault))
