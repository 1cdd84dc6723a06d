"""Messages as they are sent to Graph, right ones by default."""

from __future__ import annotations

from typing import Any

TEXT: dict[str, Any] = {"messaging_product": "whatsapp", "to": "+34600111222", "type": "text", "text": {"body": "hola"}}


def buttons(*replies: tuple[str, str]) -> dict[str, Any]:
    offered = [{"type": "reply", "reply": {"id": identifier, "title": title}} for identifier, title in replies]
    message = {**TEXT, "type": "interactive"}
    del message["text"]
    message["interactive"] = {"type": "button", "body": {"text": "?"}, "action": {"buttons": offered}}
    return message


def rows(*sections: dict[str, Any], button: str = "Open") -> dict[str, Any]:
    message = buttons()
    message["interactive"] = {
        "type": "list",
        "body": {"text": "?"},
        "action": {"button": button, "sections": list(sections)},
    }
    return message


def row(number: int, **more: Any) -> dict[str, Any]:
    return {"id": f"i{number}", "title": f"T{number}", **more}


def message(kind: str, **content: Any) -> dict[str, Any]:
    return {"messaging_product": "whatsapp", "to": "+34600111222", "type": kind, kind: content}


def interactive(kind: str, action: dict[str, Any], **more: Any) -> dict[str, Any]:
    return message("interactive", type=kind, body={"text": "?"}, action=action, **more)


def link_button(title: str = "Pay", url: str = "https://example.com/pay") -> dict[str, Any]:
    return interactive("cta_url", {"name": "cta_url", "parameters": {"display_text": title, "url": url}})


def template(*parameters: dict[str, Any], name: str = "reminder", code: str = "es") -> dict[str, Any]:
    components = [{"type": "body", "parameters": list(parameters)}]
    return message("template", name=name, language={"code": code}, components=components)


def parameter(text: str, **more: str) -> dict[str, Any]:
    return {"type": "text", "text": text, **more}


def with_components(*components: dict[str, Any]) -> dict[str, Any]:
    return message("template", name="reminder", language={"code": "es"}, components=list(components))


def headed(*parameters: dict[str, Any]) -> dict[str, Any]:
    return with_components({"type": "header", "parameters": list(parameters)})


def placed(**place: Any) -> dict[str, Any]:
    return headed({"type": "location", "location": place})


def coupon(code: str) -> dict[str, Any]:
    return {"type": "coupon_code", "coupon_code": code}


def form(**action: Any) -> dict[str, Any]:
    return {"type": "action", "action": action}


def tap_component(payload: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    carried = payload or {"type": "payload", "payload": "yes"}
    return {"type": "button", "sub_type": "quick_reply", "index": "0", "parameters": [carried], **more}


def tapped(payload: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return with_components(tap_component(payload, **more))


LINK = "https://example.com/a.png"
