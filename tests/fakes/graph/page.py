"""The sends as a phone would show them, for a demo and for curious eyes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from tests.fakes.graph.ledger import Sent

STYLE = """
body{font:15px/1.4 system-ui,sans-serif;background:#e9e2d8;color:#111;margin:0}
header{background:#075e54;color:#fff;padding:1rem 1.5rem}h1{font-size:1.1rem;margin:0}
header p{margin:.2rem 0 0;opacity:.8}
main{max-width:34rem;margin:1.5rem auto;padding:0 1rem}
article{background:#fff;border-radius:.6rem;padding:.7rem .9rem;margin:0 0 .8rem;box-shadow:0 1px 2px #0002}
small{color:#667}.body{white-space:pre-wrap;overflow-wrap:anywhere;margin:.3rem 0}
.option{border-top:1px solid #eee;color:#0a7cff;padding:.35rem 0;text-align:center}.option i{color:#889;font-size:.8rem}
"""


def render(sent: Sequence[Sent]) -> str:
    """Newest first; loads itself again every two seconds."""
    articles = "".join(_article(item) for item in reversed(sent)) or "<p>Nothing has been sent yet.</p>"
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="2">'
        '<meta name="viewport" content="width=device-width"><title>Fake Graph API</title>'
        f"<style>{STYLE}</style><header><h1>Fake Graph API</h1>"
        f"<p>{len(sent)} messages accepted. They go nowhere.</p></header><main>{articles}</main></html>"
    )


def _article(item: Sent) -> str:
    kind = str(item.body.get("type", "text"))
    content = item.body.get(kind, {})
    head = f"<small>#{item.seq} to {escape(item.to)} · {escape(item.wamid)}</small>"
    options = "".join(_option(*option) for option in _options(content.get("action", {})))
    return f'<article>{head}<div class="body">{escape(_words(kind, content))}</div>{options}</article>'


def _words(kind: str, content: dict[str, Any]) -> str:
    """What a phone would show, as text."""
    if kind == "text":
        return str(content["body"])
    if kind == "interactive":
        parts = [content.get("header", {}).get("text"), content["body"]["text"], content.get("footer", {}).get("text")]
        return "\n".join(part for part in parts if part)
    if kind == "template":
        parameters = [parameter for part in content.get("components", []) for parameter in part["parameters"]]
        filled = [str(parameter.get("text", "")) for parameter in parameters]
        return "\n".join([f"[template] {content['name']} ({content['language']['code']})", *filled])
    return "\n".join([f"[{kind}]", *(f"{key}: {value}" for key, value in content.items())])


def _options(action: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for button in action.get("buttons", []):
        yield button["reply"]["title"], button["reply"]["id"]
    if action.get("name") == "cta_url":
        yield action["parameters"]["display_text"], action["parameters"]["url"]
    for section in action.get("sections", []):
        for row in section["rows"]:
            yield row["title"], row["id"]


def _option(title: str, payload: str) -> str:
    return f'<div class="option">{escape(title)} <i>{escape(payload)}</i></div>'
