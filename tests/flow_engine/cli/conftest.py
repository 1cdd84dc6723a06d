"""A folder with a flow, as somebody has one who writes conversations."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flow_engine.cases.shop import SHOP


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder ``shop`` with a flow and room for cases; the working directory is the one above."""
    (tmp_path / "shop" / "cases").mkdir(parents=True)
    (tmp_path / "shop" / "flow.yaml").write_text(SHOP, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return Path("shop")
