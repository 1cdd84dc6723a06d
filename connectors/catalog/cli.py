"""``python -m connectors.catalog``: write the generated documents, or print what flows can call.

::

    python -m connectors.catalog write                     schemas of all providers and the catalogue of operations
    python -m connectors.catalog print [--tenant FILE]     the catalogue, with what a tenant's own connectors offer
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from connectors.catalog.manifest import find_manifests
from connectors.catalog.operations import FAMILIES, catalog_document, describe
from connectors.catalog.schemas import (
    POLICY_SCHEMA,
    SCHEMA_FILE,
    as_text,
    generated,
    generated_policy,
    read_schema,
    secret_keys,
    stand_in_for,
)
from connectors.errors import ConnectorConfigError
from connectors.plain_json import JSONObject, ReadOnlyJSON
from connectors.registry import ConnectorRegistry

CATALOG = Path(__file__).parents[2] / "flow_engine" / "validation" / "catalog.json"

FAULTY = 1


def write() -> None:
    """Bring every generated document up to date."""
    POLICY_SCHEMA.write_text(generated_policy(), encoding="utf-8")
    for manifest in find_manifests().values():
        if manifest.shipped:
            (manifest.folder / SCHEMA_FILE).write_text(generated(manifest), encoding="utf-8")
    CATALOG.write_text(as_text(catalog_document()), encoding="utf-8")


def tenant_catalog(file: Path) -> JSONObject:
    """The catalogue with the operations that the ``connectors`` of a tenant's file (YAML or JSON) declare."""
    import yaml  # noqa: PLC0415 - only this command reads YAML

    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    blocks = content.get("connectors", {}) if isinstance(content, dict) else {}
    own = {category: _with_stand_ins(block) for category, block in blocks.items() if category not in FAMILIES}
    registry = ConnectorRegistry.from_config(own)  # builds and opens no connection, so there is nothing to close
    declared = {category: describe(registry.connector(category).operations) for category in registry.categories}
    return {**catalog_document(), **declared}


def _with_stand_ins(block: ReadOnlyJSON) -> ReadOnlyJSON:
    """A block with something in the place of the credentials that no file holds."""
    type_name = block.get("type") if isinstance(cast("object", block), Mapping) else None
    manifest = find_manifests().get(type_name) if isinstance(type_name, str) else None
    properties = read_schema(manifest).get("properties") if manifest is not None else None
    if not isinstance(type_name, str) or not isinstance(properties, dict):
        return block
    return {key: stand_in_for(type_name, key) for key in secret_keys() & properties.keys()} | dict(block)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m connectors.catalog")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("write")
    printing = commands.add_parser("print")
    printing.add_argument("--tenant", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    if options.command == "write":
        write()
        return 0
    try:
        document = tenant_catalog(options.tenant) if options.tenant else catalog_document()
    except ConnectorConfigError as error:
        print("\n".join(error.problems), file=sys.stderr)
        return FAULTY
    json.dump(document, sys.stdout, indent=2, ensure_ascii=False)
    print()
    return 0
