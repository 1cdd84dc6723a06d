"""A template said in free words: where a channel has no templates, or where none is needed."""

from __future__ import annotations

from flow_engine.outputs.output import Buttons, Option, Template, Text


def in_free_form(template: Template) -> Text | Buttons:
    """The same in one message: its ``text``, or what would have filled the blanks, with the quick replies under it.

    A code that a tap would copy is told under it, where it is not in the text already. The text may be empty or too
    long for a channel; shaping is for the caller. A button that opens a page or a form is left out: of a page there is
    only the end of its address here, and a form opens from nothing but a template.
    """
    body = template.text
    if body is None or not body.strip():
        body = "\n".join(parameter.text for parameter in template.parameters if parameter.text.strip())
    codes = (button.code for button in template.buttons if button.code is not None)
    body = "\n".join([part for part in (body, *(code for code in codes if code not in body)) if part])
    replies = tuple(Option(button.id, button.title) for button in template.buttons if button.id is not None)
    return Buttons(body, replies) if replies else Text(body)
