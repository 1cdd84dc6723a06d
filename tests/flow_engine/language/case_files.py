"""Reads the tables and documents beside the tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent


def read_cases(name: str) -> Any:
    return yaml.safe_load((HERE / "cases" / name).read_text(encoding="utf-8"))


def read_document(*names: str) -> str:
    """The documents of these names, one behind the other."""
    return "".join((HERE / "documents" / name).read_text(encoding="utf-8") for name in names)
