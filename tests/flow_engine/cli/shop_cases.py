"""Cases of a shop, written where the command looks for them."""

from __future__ import annotations

from pathlib import Path

PASSES = "description: Ana says bye\nsteps:\n  - say: hi # first\n  - tap: Bye\n    bot: [Bye.]\n"
FAILS = PASSES.replace("[Bye.]", "[Ciao.]")


def write(shop: Path, name: str, text: str) -> Path:
    file = shop / "cases" / name
    file.write_text(text, encoding="utf-8")
    return file
