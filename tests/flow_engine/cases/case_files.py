"""Reads the tables beside the tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

HERE = Path(__file__).parent


def read_table(name: str) -> list[Any]:
    """The rows as parameters, each under its sentence."""
    rows = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    return [pytest.param(row, id=row["it"]) for row in rows]
