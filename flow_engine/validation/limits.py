"""What keeps checking fast on a document made to slow it down, with the reason for each number."""

from __future__ import annotations

from typing import Final

MAX_FAULTS_PER_RULE: Final = 200
"""Findings of one rule, and of the shape; as many as one file is told of at all."""

MAX_TRANSITIONS: Final = 200
"""Transitions of one state, or global ones. Every pair is compared; a long menu has thirty."""

MAX_GUESSED_NAMES: Final = 500
"""Names among which a misspelt one is looked for; with more, comparing costs seconds and guesses badly."""

MAX_VISITS: Final = 200_000
"""Ways walked until it is settled what is set where. A flow of 5,000 states with four ways each takes some 40,000."""
