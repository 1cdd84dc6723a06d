"""The edits that fixes are made of, as the page sends them."""

from __future__ import annotations

from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.authoring.problems.scene import Path


def put(path: Path, value: JSON) -> JSONObject:
    return {"do": "set_value", "path": list(path), "value": value}


def take(path: Path) -> JSONObject:
    return {"do": "remove_value", "path": list(path)}


def insert(path: Path, index: int, value: JSON) -> JSONObject:
    return {"do": "insert_item", "path": list(path), "index": index, "value": value}


def move(path: Path, index: int, to: int) -> JSONObject:
    return {"do": "move_item", "path": list(path), "index": index, "to": to}
