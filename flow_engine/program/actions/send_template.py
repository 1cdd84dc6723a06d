from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flow_engine.expressions import Template, ValueTemplate
from flow_engine.program.actions.send_location import SendLocation
from flow_engine.program.actions.send_location import read as read_location
from flow_engine.program.actions.send_media import SendMedia
from flow_engine.program.actions.send_media import read as read_media
from flow_engine.program.reading import Fields


@dataclass(frozen=True, slots=True)
class TemplateFormTemplate:
    """What a form is opened with, before rendering."""

    token: Template | None
    data: ValueTemplate


@dataclass(frozen=True, slots=True)
class TemplateButtonTemplate:
    """A button before rendering."""

    title: Template
    id: Template | None
    suffix: Template | None
    code: Template | None = None
    form: TemplateFormTemplate | None = None


@dataclass(frozen=True, slots=True)
class SendTemplate:
    """``send_template``: a message that the channel has approved. Emits one ``SendMessage``.

    ``parameters`` are the name of each blank, ``None`` where blanks are counted, and what fills it.
    """

    kind: ClassVar[str] = "send_template"

    name: str
    language: Template
    parameters: tuple[tuple[str | None, Template], ...]
    text: Template | None
    header: Template | None = None
    media: SendMedia | None = None
    location: SendLocation | None = None
    buttons: tuple[TemplateButtonTemplate, ...] = ()


def read(fields: Fields) -> SendTemplate:
    return SendTemplate(
        name=fields.name("name"),
        language=fields.template("language"),
        parameters=_read_parameters(fields),
        text=fields.optional_template("text"),
        header=fields.optional_template("header"),
        media=None if (media := fields.optional_child("media")) is None else read_media(media),
        location=None if (place := fields.optional_child("location")) is None else read_location(place),
        buttons=tuple(map(_read_button, fields.children("buttons"))) if fields.has("buttons") else (),
    )


def _read_button(fields: Fields) -> TemplateButtonTemplate:
    form = fields.optional_child("form")
    return TemplateButtonTemplate(
        fields.template("title"),
        fields.optional_template("id"),
        fields.optional_template("suffix"),
        fields.optional_template("code"),
        None if form is None else _read_form(form),
    )


def _read_form(fields: Fields) -> TemplateFormTemplate:
    fields.object("data")
    return TemplateFormTemplate(fields.optional_template("token"), fields.value_template("data"))


def _read_parameters(fields: Fields) -> tuple[tuple[str | None, Template], ...]:
    if isinstance(fields.optional("parameters"), dict):
        named = fields.child("parameters")
        return tuple((name, named.template(name)) for name in named.keys())  # noqa: SIM118  # a reader is not a dict
    return tuple((None, template) for template in fields.templates("parameters"))
