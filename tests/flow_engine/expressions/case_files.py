"""Reads the tables beside the tests: a mapping from a sentence to what the case needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


def read_cases(name: str) -> Any:
    return yaml.safe_load((Path(__file__).parent / "cases" / name).read_text(encoding="utf-8"))
