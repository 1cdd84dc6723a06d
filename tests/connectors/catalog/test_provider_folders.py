"""A provider is a folder: what stands in it, that it says the truth, and that nothing is missing."""

from __future__ import annotations

import importlib
import json
from dataclasses import fields
from pathlib import Path

import pytest

import connectors
from connectors.catalog.manifest import Manifest, ManifestError, find_manifests, read_manifest
from connectors.catalog.schemas import (
    POLICY_SCHEMA,
    SCHEMA_FILE,
    generated,
    generated_policy,
    read_policy_schema,
    read_schema,
)
from connectors.kernel.options import options_of
from connectors.port import ConnectorPort
from connectors.providers import PROVIDERS
from connectors.registry import ConnectorRegistry

_PACKAGE = Path(connectors.__file__).parent
_IN_FOLDERS = tuple(name for name in PROVIDERS if name != "mock")
"""``mock`` stands in for any category and takes the keys of the family it stands in for."""

MEND = "run `make catalog`"


def test_the_literal_list_and_the_folders_are_the_same() -> None:
    found = {name: manifest.folder for name, manifest in find_manifests().items() if manifest.shipped}
    listed = {name: (_PACKAGE.parent / PROVIDERS[name].replace(".", "/")).parent for name in _IN_FOLDERS}
    assert found == listed


def test_every_committed_schema_belongs_to_a_provider() -> None:
    assert {path.parent for path in _PACKAGE.rglob(SCHEMA_FILE)} == {
        manifest.folder for manifest in find_manifests().values() if manifest.shipped
    }


@pytest.mark.parametrize("name", _IN_FOLDERS)
def test_a_manifest_says_what_the_module_does(name: str) -> None:
    manifest, module = find_manifests()[name], importlib.import_module(PROVIDERS[name])
    assert manifest.type == manifest.folder.name == name
    assert set(manifest.categories) == (module.CATEGORIES or {"*"})
    assert (manifest.folder / "adapter.py").is_file()
    assert manifest.title.es
    assert manifest.summary.es


@pytest.mark.parametrize("name", _IN_FOLDERS)
def test_a_readme_shows_a_block_that_names_the_type(name: str) -> None:
    readme = (find_manifests()[name].folder / "README.md").read_text(encoding="utf-8")
    assert readme.startswith("# ")
    assert f"type: {name}" in readme


@pytest.mark.parametrize("name", _IN_FOLDERS)
def test_the_committed_schema_is_what_the_class_says(name: str) -> None:
    manifest = find_manifests()[name]
    assert (manifest.folder / SCHEMA_FILE).read_text(encoding="utf-8") == generated(manifest), MEND


def test_the_committed_schema_of_the_policy_is_what_the_class_says() -> None:
    assert POLICY_SCHEMA.read_text(encoding="utf-8") == generated_policy(), MEND


@pytest.mark.parametrize("name", _IN_FOLDERS)
def test_a_form_has_words_for_every_option_in_both_languages(name: str) -> None:
    module = importlib.import_module(PROVIDERS[name])
    options = options_of(module.CONFIG) if module.CONFIG is not None else {}
    assert list(options) == ([field.name for field in fields(module.CONFIG)] if module.CONFIG else [])
    for key, described in options.items():
        assert described.title.en, key
        assert described.title.es, key
    properties = read_schema(find_manifests()[name])["properties"]
    assert isinstance(properties, dict)
    assert set(properties) == {"type", "policy", *options}
    assert properties["policy"] == read_policy_schema()
    assert properties["type"] == {"const": name}
    secret = {key for key, described in options.items() if described.secret}
    assert {key for key, value in properties.items() if isinstance(value, dict) and value.get("writeOnly")} == secret


@pytest.mark.parametrize("name", _IN_FOLDERS)
def test_a_provider_that_reaches_somebody_can_be_probed(name: str) -> None:
    manifest, module = find_manifests()[name], importlib.import_module(PROVIDERS[name])
    own = [item for item in vars(module).values() if isinstance(item, type) and item.__module__ == module.__name__]
    adapters = [item for item in own if issubclass(item, ConnectorPort)]
    probes = [adapter for adapter in adapters if adapter.probe is not ConnectorPort.probe]
    assert bool(probes) or manifest.tier == "bronze"


_BAD_MANIFESTS = {
    "no tier": {"type": "x", "categories": [], "title": {"en": "X", "es": "X"}, "summary": {"en": "X", "es": "X"}},
    "a tier there is none": {
        "type": "x",
        "categories": [],
        "title": {"en": "X", "es": "X"},
        "summary": {"en": "X", "es": "X"},
        "tier": "platinum",
    },
    "one language": {"type": "x", "categories": [], "title": {"en": "X"}, "summary": {"en": "X"}, "tier": "gold"},
    "no object": [],
}


@pytest.mark.parametrize("content", _BAD_MANIFESTS.values(), ids=_BAD_MANIFESTS.keys())
def test_a_manifest_with_a_fault_names_its_file(content: object, tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ManifestError, match=r"manifest\.json"):
        read_manifest(path)


def test_every_type_can_be_named_in_a_refusal() -> None:
    assert all(isinstance(manifest, Manifest) for manifest in find_manifests().values())
    assert ConnectorRegistry.from_config({}).categories == ()
