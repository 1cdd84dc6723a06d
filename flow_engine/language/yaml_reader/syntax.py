"""What the YAML parser complains about, in words for people who do not know YAML."""

from __future__ import annotations

from typing import Final

import yaml

from flow_engine.language.yaml_reader.locations import Position

_EXPLAINED: Final = (
    ("\\t", "A tab stands where spaces belong.", "Indent with spaces only."),
    ("mapping values are not allowed", "A ': ' stands inside a text.", "Put the text in quotes."),
    (
        "could not find expected ':'",
        "A ':' is missing after a key.",
        "Write key: value, and indent texts of several lines.",
    ),
    (
        "did not find expected key",
        "The indentation does not fit the lines above.",
        "Align keys of one level; quote texts that hold quotes.",
    ),
    ("did not find expected '-'", "The indentation does not fit the list above.", "Align all - of one list."),
    ("unexpected end of stream", "A quote is never closed.", "Add the closing quote."),
    ("did not find expected node content", "A [ or { is never closed.", "Close it, or put the text in quotes."),
    ("did not find expected ',' or", "A [ or { is never closed.", "Close it, or put the text in quotes."),
    ("found undefined tag handle", "Tags (!name) are not allowed.", "Put a text that begins with ! in quotes."),
    ("cannot start any token", "A text may not begin with this character.", "Put the text in quotes."),
    ("undefined alias", "References (*name) are not allowed.", "Put a text that begins with * in quotes."),
    ("alphabetic or numeric character", "A text may not begin with * or &.", "Put the text in quotes."),
)


def explain_syntax(error: yaml.YAMLError) -> tuple[str, str, Position]:
    """Message, hint and place of a syntax fault."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    position = Position(mark.line + 1, mark.column + 1) if mark else Position(1, 1)
    problem = str(getattr(error, "problem", None) or "the text is not readable")
    for part, message, hint in _EXPLAINED:
        if part in problem:
            return message, hint, position
    return f"This is not YAML: {problem}.", "", position
