"""Renders what the choice actions share: options, headers and bodies."""

from __future__ import annotations

from flow_engine.expressions import Template
from flow_engine.interpreter.turn import Turn
from flow_engine.outputs.output import AS_OPTION, Option
from flow_engine.program.actions.choices import FixedRows, OptionTemplate


def render_options(turn: Turn, templates: tuple[OptionTemplate, ...], fixed: FixedRows) -> tuple[Option, ...]:
    """The options whose id renders to something, stamped; a title that renders to nothing becomes the id."""
    stamp = turn.stamp
    if fixed is not None:
        return tuple([AS_OPTION((option_id + stamp, title, text)) for option_id, title, text in fixed])
    options = []
    for template in templates:
        option_id = template.id.render_text(turn.scope).strip()
        if option_id:
            title = one_line(template.title.render_text(turn.scope)) or option_id
            options.append(Option(option_id + stamp, title, render_optional(turn, template.description)))
    return tuple(options)


def render_optional(turn: Turn, template: Template | None) -> str | None:
    """``None`` also for a text that renders empty, which channels refuse."""
    if template is None:
        return None
    return one_line(template.render_text(turn.scope)) or None


def render_body(turn: Turn, template: Template) -> str:
    """Never empty: a choice without a body is refused by WhatsApp."""
    body = template.render_text(turn.scope)
    return body if body.strip() else turn.sentence("choose_option")


def render_list_button(turn: Turn, template: Template | None) -> str:
    return render_optional(turn, template) or turn.sentence("list_button")


def one_line(text: str) -> str:
    """Titles have no line breaks and no outer spaces on any channel."""
    # Most titles are so already, and to see that is cheaper than to split them.
    return text if text.isprintable() and "  " not in text and text == text.strip() else " ".join(text.split())
