"""Third parties: an installed package by its entry point, and every way it can be unusable."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from connectors.catalog.manifest import find_manifests
from connectors.errors import ConnectorConfigError
from connectors.providers import PROVIDERS, installed_providers
from connectors.registry import ConnectorRegistry

_ADAPTER = """
from connectors.mock import MockConnector
CATEGORIES = frozenset({"crm"})
CONFIG = None
def build(binding):
    return MockConnector(binding.category, responses={"find": {"name": "Ana"}})
"""

_MANIFEST = """{"type": "acme_crm", "categories": ["crm"], "title": {"en": "Acme", "es": "Acme"},
 "summary": {"en": "Customers.", "es": "Clientes."}, "tier": "silver"}"""

type Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Put a distribution on the path, as an installer would."""

    def put(name: str, adapter: str, *, manifest: str = "") -> None:
        package = tmp_path / f"{name}_pkg"
        package.mkdir()
        (package / "__init__.py").write_text("", encoding="utf-8")
        (package / "adapter.py").write_text(adapter, encoding="utf-8")
        if manifest:
            (package / "manifest.json").write_text(manifest, encoding="utf-8")
        info = tmp_path / f"{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
        entry = f"[frontdesk.connectors]\n{name} = {name}_pkg.adapter\n"
        (info / "entry_points.txt").write_text(entry, encoding="utf-8")

    monkeypatch.syspath_prepend(tmp_path)
    find_manifests.cache_clear()
    yield put
    find_manifests.cache_clear()
    for module in [name for name in sys.modules if name.partition(".")[0].endswith("_pkg")]:
        del sys.modules[module]


def test_an_installed_provider_can_be_bound_and_listed(install: Install) -> None:
    install("acme_crm", _ADAPTER, manifest=_MANIFEST)
    assert "acme_crm_pkg.adapter" not in sys.modules
    registry = ConnectorRegistry.from_config({"crm": {"type": "acme_crm"}})
    assert set(registry.connector("crm").operations) == {"find"}
    assert not find_manifests()["acme_crm"].shipped
    assert find_manifests()["acme_crm"].title.en == "Acme"


def test_nobody_takes_the_name_of_a_provider_that_ships(install: Install) -> None:
    install("mock_llm", _ADAPTER)
    assert "mock_llm" not in installed_providers()
    registry = ConnectorRegistry.from_config({"llm": {"type": "mock_llm"}})
    assert registry.llm is not None
    assert "mock_llm_pkg.adapter" not in sys.modules


_UNUSABLE = {
    "raises when imported": ("raise RuntimeError('boom')", "cannot be loaded (RuntimeError)"),
    "offers nothing": ("x = 1", "offers no CATEGORIES, CONFIG, build"),
}


@pytest.mark.parametrize(("adapter", "problem"), _UNUSABLE.values(), ids=_UNUSABLE.keys())
def test_one_that_cannot_be_used_refuses_the_block(adapter: str, problem: str, install: Install) -> None:
    install("acme_crm", adapter)
    with pytest.raises(ConnectorConfigError) as refused:
        ConnectorRegistry.from_config({"crm": {"type": "acme_crm"}})
    assert problem in str(refused.value)


def test_one_that_is_not_installed_is_missing_from_the_list() -> None:
    with pytest.raises(ConnectorConfigError) as refused:
        ConnectorRegistry.from_config({"crm": {"type": "acme_crm"}})
    assert str(refused.value) == "connectors.crm.type: there is no 'acme_crm'; one of " + ", ".join(PROVIDERS)
