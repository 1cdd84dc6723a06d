"""A secret of nobody's, for the tests that let it out on purpose."""

from __future__ import annotations

from typing import Final

MADE_UP_SECRET: Final = "let-out-on-purpose-0123456789"
