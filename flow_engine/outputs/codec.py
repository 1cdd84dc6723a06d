"""Outputs as JSON and back: ``decode_output(encode_output(x)) == x``.

Keys that are not known are dropped on reading; a kind that is not known is an error, because nothing sensible
could be said instead.
"""

from __future__ import annotations

from typing import assert_never, cast

from flow_engine.errors import CodecError
from flow_engine.outputs.output import Buttons, Option, OptionList, Output, Section, Text
from flow_engine.vocabulary import JSON, JSONObject


def encode_output(output: Output) -> JSONObject:
    """``{"kind": "text" | "buttons" | "list", …}`` with every field of the output under its own name."""
    match output:
        case Text():
            return {"kind": "text", "body": output.body}
        case Buttons():
            return {
                "kind": "buttons",
                "body": output.body,
                "buttons": [encode_option(button) for button in output.buttons],
                "header": output.header,
                "footer": output.footer,
            }
        case OptionList():
            return {
                "kind": "list",
                "body": output.body,
                "button": output.button,
                "sections": [
                    {"title": section.title, "rows": [encode_option(row) for row in section.rows]}
                    for section in output.sections
                ],
                "header": output.header,
                "footer": output.footer,
            }
        case _:
            assert_never(output)


def decode_output(value: JSON) -> Output:
    """Reads what ``encode_output`` wrote. Raises ``CodecError`` for anything that is no output."""
    try:
        return _decode(cast("JSONObject", value))
    except (KeyError, TypeError, AttributeError) as fault:
        raise CodecError(f"not an output: {fault!r}") from fault


def encode_option(option: Option) -> JSON:
    return {"id": option.id, "title": option.title, "description": option.description}


def _decode(value: JSONObject) -> Output:
    match value["kind"]:
        case "text":
            return Text(_text(value["body"]))
        case "buttons":
            return Buttons(
                body=_text(value["body"]),
                buttons=_options(value["buttons"]),
                header=_optional_text(value.get("header")),
                footer=_optional_text(value.get("footer")),
            )
        case "list":
            return OptionList(
                body=_text(value["body"]),
                button=_text(value["button"]),
                sections=tuple(
                    Section(_options(section["rows"]), _optional_text(section.get("title")))
                    for section in cast("list[JSONObject]", value["sections"])
                ),
                header=_optional_text(value.get("header")),
                footer=_optional_text(value.get("footer")),
            )
        case unknown:
            raise CodecError(f"unknown kind of output: {unknown!r}")


def _options(values: JSON) -> tuple[Option, ...]:
    return tuple([_option(value) for value in cast("list[JSONObject]", values)])


def _option(value: JSONObject) -> Option:
    option_id, title, description = value["id"], value["title"], value.get("description")
    # One condition for the usual case: a list has ten of these, read for every event.
    if isinstance(option_id, str) and isinstance(title, str) and (description is None or isinstance(description, str)):
        return Option(option_id, title, description)
    raise TypeError(f"an option was expected, not {value!r}")


def _text(value: JSON) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a text was expected, not {value!r}")
    return value


def _optional_text(value: JSON) -> str | None:
    return None if value is None else _text(value)
