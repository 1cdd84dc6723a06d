"""The JSON Schema of every provider's block: generated from its class, committed beside it, read as data."""

from __future__ import annotations

import functools
import json
from pathlib import Path

import connectors
from connectors.catalog.manifest import Manifest, find_manifests
from connectors.kernel.options import schema_of
from connectors.kernel.policy_overrides import policy_schema
from connectors.plain_json import JSONObject
from connectors.providers import load_provider

SCHEMA_FILE = "config.schema.json"
POLICY_SCHEMA = Path(connectors.__file__).parent / "kernel" / "policy.schema.json"


def read_schema(manifest: Manifest) -> JSONObject:
    """The committed schema of a provider, with that of ``policy`` in its place. Imports no provider."""
    schema: JSONObject = json.loads((manifest.folder / SCHEMA_FILE).read_text(encoding="utf-8"))
    properties = schema.get("properties")
    if isinstance(properties, dict):
        properties["policy"] = read_policy_schema()
    return schema


@functools.cache
def secret_keys() -> frozenset[str]:
    """Every key that some provider keeps as a credential (``writeOnly``)."""
    found: set[str] = set()
    for manifest in find_manifests().values():
        properties = read_schema(manifest).get("properties")
        for key, option in properties.items() if isinstance(properties, dict) else ():
            if isinstance(option, dict) and option.get("writeOnly") is True:
                found.add(key)
    return frozenset(found)


def stand_in_for(type_name: str, key: str) -> str:
    """What takes the place of a secret while a block is checked without it: the option's example, if it has a form."""
    manifest = find_manifests().get(type_name)
    properties = read_schema(manifest).get("properties") if manifest is not None else None
    option = properties.get(key) if isinstance(properties, dict) else None
    examples = option.get("examples") if isinstance(option, dict) else None
    example = examples[0] if isinstance(examples, list) and examples else None
    return example if isinstance(example, str) else "stored-credential"


def read_policy_schema() -> JSONObject:
    """The committed schema of ``policy``, the same for every provider."""
    schema: JSONObject = json.loads(POLICY_SCHEMA.read_text(encoding="utf-8"))
    return schema


def generated(manifest: Manifest) -> str:
    """What the file of ``manifest`` must hold. Imports the provider."""
    return as_text(schema_of(load_provider(manifest.type).CONFIG, manifest.type, manifest.title))


def generated_policy() -> str:
    """What the file of the policy must hold."""
    return as_text(policy_schema())


def as_text(document: JSONObject) -> str:
    """A document as it is committed."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
