"""``Manifest``: what a provider says of itself in ``manifest.json``, found by walking the folders."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

import connectors
from connectors.providers import installed_providers
from connectors.words import Words

MANIFEST_FILE = "manifest.json"


class Tier(StrEnum):
    """How far a provider can be trusted with customers; what each asks for stands in docs/connectors.md."""

    BRONZE = "bronze"
    """for trying and testing"""
    SILVER = "silver"
    """for customers"""
    GOLD = "gold"
    """for customers, and tested against everything its other side is known to do wrong"""


@dataclass(frozen=True, slots=True)
class Manifest:
    """``folder`` holds the schema and the README beside the manifest. ``shipped`` is false for third parties."""

    type: str
    categories: tuple[str, ...]
    title: Words
    summary: Words
    tier: Tier
    folder: Path
    shipped: bool = True


class ManifestError(Exception):
    """A manifest cannot be read; the text names the file and the fault."""


@functools.cache
def find_manifests() -> Mapping[str, Manifest]:
    """Every provider by type: those that ship, then those that an operator installed. Raises ``ManifestError``."""
    shipped = [read_manifest(path) for path in sorted(Path(connectors.__file__).parent.rglob(MANIFEST_FILE))]
    found = {manifest.type: manifest for manifest in shipped}
    for name, point in installed_providers().items():
        spec = find_spec(point.module)
        path = Path(str(spec.origin)).parent / MANIFEST_FILE if spec is not None and spec.origin else None
        if path is not None and path.is_file():
            found[name] = read_manifest(path, shipped=False)
    return found


def read_manifest(path: Path, *, shipped: bool = True) -> Manifest:
    """One manifest. Raises ``ManifestError``."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Manifest(
            type=_text(content["type"]),
            categories=tuple(_text(category) for category in content["categories"]),
            title=Words(_text(content["title"]["en"]), _text(content["title"]["es"])),
            summary=Words(_text(content["summary"]["en"]), _text(content["summary"]["es"])),
            tier=Tier(content["tier"]),
            folder=path.parent,
            shipped=shipped,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ManifestError(f"{path}: {type(error).__name__}: {error}") from error


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("every member must be a text that is not empty")
    return value
