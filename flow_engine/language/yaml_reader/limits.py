"""What a YAML document may cost, with the reason for each number."""

from __future__ import annotations

from typing import Final

MAX_BYTES: Final = 1_000_000
"""Largest document. A flow of 5,000 states stays below it."""

MAX_NODES: Final = 100_000
"""Most scalars, lists and mappings in one document; a state of usual size has twenty."""

MAX_DEPTH: Final = 32
"""Deepest nesting. The language itself needs nine levels."""

MAX_WHOLE_NUMBER: Final = 2**53 - 1
"""Largest number: beyond it JSON readers disagree. Longer digits are names and belong in quotes."""

MAX_FAULTS: Final = 100
"""Faults after which reading stops: whoever sees a hundred fixes the first and reads again."""
