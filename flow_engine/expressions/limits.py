"""Every bound of the expression language, with the reason for its number.

Together they make the cost of one rendering a constant: at most ``MAX_PLACEHOLDERS * MAX_NODES``
operations, each over at most ``MAX_TEXT_CHARS`` characters or ``MAX_ITEMS`` items.
"""

from __future__ import annotations

from typing import Final

MAX_SOURCE_CHARS: Final = 16_384
"""Longest template or condition. Four times the longest text WhatsApp takes (4,096 characters)."""

MAX_PLACEHOLDERS: Final = 100
"""Most ``{{ … }}`` in one text. A message that needs more is a report, not a message."""

MAX_NODES: Final = 200
"""Most operators, values and filters in one expression. Also bounds how deep its closures nest."""

MAX_DEPTH: Final = 32
"""Deepest nesting of parentheses, lists and prefix operators; keeps the parser off Python's stack limit."""

MAX_VALUE_DEPTH: Final = 32
"""Deepest nesting of lists and objects that hold templates. The same bound as the YAML reader's."""

MAX_TEXT_CHARS: Final = 16_384
"""Longest text an operation yields; the rest is cut. Beyond any channel's longest message."""

MAX_ITEMS: Final = 1_000
"""Most list items that one operation looks at. A WhatsApp list shows ten."""

MAX_NUMBER: Final = 2**53 - 1
"""Largest magnitude arithmetic takes or yields: the largest whole number every JSON reader keeps exactly."""
