"""What the Graph API would refuse of an interactive message."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from tests.fakes.graph.checks import Object, identifier, keys, link, text, unique


def check(content: Object) -> Iterator[str]:
    yield from keys("interactive", content, {"type", "body", "action", "header", "footer"})
    body = content.get("body")
    yield from text("interactive.body.text", body.get("text") if isinstance(body, dict) else None, 1024)
    kind = content.get("type")
    if kind in {"location_request_message", "request_contact_info"}:
        yield from (f"interactive.{part} is not allowed here" for part in ("header", "footer") if part in content)
    if "header" in content:
        yield from _header(content["header"])
    if "footer" in content:
        footer = content["footer"]
        yield from text("interactive.footer.text", footer.get("text") if isinstance(footer, dict) else None, 60)
    action = content.get("action")
    check_action = ACTIONS.get(kind) if isinstance(kind, str) else None
    if not isinstance(action, dict):
        yield "interactive.action is missing"
    elif check_action is None:
        yield f"interactive type {kind!r} is not known"
    else:
        yield from check_action(action)


def _header(header: Any) -> Iterator[str]:
    if not isinstance(header, dict) or header.get("type") != "text":
        yield "interactive.header must be a text header"
        return
    yield from text("interactive.header.text", header.get("text"), 60)


def _buttons(action: Object) -> Iterator[str]:
    yield from keys("action", action, {"buttons"})
    buttons = action.get("buttons")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        yield "1 to 3 buttons are required"
        return
    replies = [_reply(button) for button in buttons]
    if not all(replies):
        yield "a button is not of type reply"
        return
    for reply in replies:
        yield from keys("reply", reply, {"id", "title"})
        yield from identifier("reply.id", reply.get("id"), 256)
        yield from text("reply.title", reply.get("title"), 20)
    yield from unique("reply.id", [reply.get("id") for reply in replies])
    yield from unique("reply.title", [reply.get("title") for reply in replies])


def _reply(button: Any) -> Object:
    reply = button.get("reply") if isinstance(button, dict) and button.get("type") == "reply" else None
    return reply if isinstance(reply, dict) else {}


def _list(action: Object) -> Iterator[str]:
    yield from keys("action", action, {"button", "sections"})
    yield from text("action.button", action.get("button"), 20)
    sections = action.get("sections")
    if not isinstance(sections, list) or not 1 <= len(sections) <= 10:
        yield "1 to 10 sections are required"
        return
    rows: list[Any] = []
    for section in sections:
        if not isinstance(section, dict) or not isinstance(section.get("rows"), list) or not section["rows"]:
            yield "a section has no rows"
            return
        yield from keys("section", section, {"title", "rows"})
        if len(sections) > 1 or "title" in section:
            yield from text("section.title", section.get("title"), 24)
        rows += section["rows"]
    yield from _rows(rows)


def _rows(rows: list[Any]) -> Iterator[str]:
    if len(rows) > 10:
        yield f"{len(rows)} rows, at most 10 in all sections together"
    if not all(isinstance(row, dict) for row in rows):
        yield "a row is not an object"
        return
    for row in rows:
        yield from keys("row", row, {"id", "title", "description"})
        yield from identifier("row.id", row.get("id"), 200)
        yield from text("row.title", row.get("title"), 24)
        if "description" in row:
            yield from text("row.description", row["description"], 72)
    yield from unique("row.id", [row.get("id") for row in rows])


def _cta_url(action: Object) -> Iterator[str]:
    yield from keys("action", action, {"name", "parameters"})
    if action.get("name") != "cta_url":
        yield "action.name must be 'cta_url'"
    parameters = action.get("parameters")
    if not isinstance(parameters, dict):
        yield "action.parameters is missing"
        return
    yield from keys("parameters", parameters, {"display_text", "url"})
    yield from text("parameters.display_text", parameters.get("display_text"), 20)
    yield from link("parameters.url", parameters.get("url"))


def _bare_action(name: str) -> Callable[[Object], Iterator[str]]:
    def check(action: Object) -> Iterator[str]:
        if action != {"name": name}:
            yield f"action must be {{'name': {name!r}}} and nothing else"

    return check


ACTIONS: Final[dict[str, Callable[[Object], Iterator[str]]]] = {
    "button": _buttons,
    "list": _list,
    "cta_url": _cta_url,
    "location_request_message": _bare_action("send_location"),
    "request_contact_info": _bare_action("request_contact_info"),
}
