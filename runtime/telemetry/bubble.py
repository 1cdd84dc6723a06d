"""What a customer sees of an output, in one line of text: for reports, exports and replays, never for a channel."""

from __future__ import annotations

from flow_engine.vocabulary import JSON, JSONObject


def bubble(output: JSONObject) -> str:
    """``output`` is as ``flow_engine.outputs.codec`` writes it. Choices follow in brackets; without words, the kind."""
    words = output.get("body") or output.get("text") or output.get("caption") or output.get("emoji")
    choices = [*_titles(output.get("buttons")), *_rows(output.get("sections"))]
    kind = str(output.get("media_type") or output.get("kind"))
    text = words if isinstance(words, str) and words else f"[{kind}]"
    return f"{text} [{' | '.join(choices)}]" if choices else text


def _rows(sections: JSON) -> list[str]:
    if not isinstance(sections, list):
        return []
    return [title for section in sections if isinstance(section, dict) for title in _titles(section.get("rows"))]


def _titles(options: JSON) -> list[str]:
    if not isinstance(options, list):
        return []
    return [str(option.get("title", "")) for option in options if isinstance(option, dict)]
