"""A template said in free words: where a channel has no templates, or where none is needed."""

from __future__ import annotations

from flow_engine.outputs.output import Buttons, Option, Template, Text


def in_free_form(template: Template) -> Text | Buttons:
    """The same in one message: its ``text``, or what would have filled the blanks, with the quick replies under it.

    The text may be empty or too long for a channel; shaping is for the caller. A button that opens a page has only the
    end of its address here, so it is left out.
    """
    body = template.text
    if body is None or not body.strip():
        body = "\n".join(parameter.text for parameter in template.parameters if parameter.text.strip())
    replies = tuple(Option(button.id, button.title) for button in template.buttons if button.id is not None)
    return Buttons(body, replies) if replies else Text(body)
