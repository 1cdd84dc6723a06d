"""Bodies that others have seen Meta send, and ways to cut them off and spoil them."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.fakes import webhook_bodies

NUMBER = "106540352242922"


def published(data: Path) -> list[bytes]:
    """Every body, readdressed to our number, so that its messages are really worked on."""
    bodies = []
    for path in sorted(data.rglob("*.json")):
        content = path.read_bytes()
        bodies.append(content)
        document = json.loads(content)
        for entry in document.get("entry", []) if isinstance(document, dict) else []:
            for change in entry.get("changes", []):
                if isinstance(change.get("value"), dict) and "metadata" in change["value"]:
                    change["value"]["metadata"]["phone_number_id"] = NUMBER
        bodies.append(webhook_bodies.encode(document))
    return bodies


STRANGE: tuple[Any, ...] = (
    *(None, True, -1, 1e308, 10**40, "", "\x00", "\ud800", "\u202e", "\xe9" * 5_000),
    *([], {}, [[[[]]]], {"": {"": None}}),
    *("0", "-", "NaN", "../../etc/passwd", "<script>", "'; DROP TABLE inbox; --", "{{ data }}", "A" * 100_000),
)


def cut_off(chance: random.Random, body: bytes) -> bytes:
    return body[: chance.randrange(len(body))]


def flipped(chance: random.Random, body: bytes) -> bytes:
    spoilt = bytearray(body)
    for _ in range(chance.randint(1, 8)):
        spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
    return bytes(spoilt)


def doubled(chance: random.Random, body: bytes) -> bytes:
    start, end = sorted(chance.randrange(len(body)) for _ in range(2))
    return body[:end] + body[start:]


def replaced(chance: random.Random, body: bytes) -> bytes:
    """One value somewhere becomes something that does not belong there, or is gone."""
    document = json.loads(body)
    places: list[tuple[Any, Any]] = []
    stack = [document]
    while stack:
        node = stack.pop()
        items = node.items() if isinstance(node, dict) else enumerate(node)
        for key, value in items:
            places.append((node, key))
            if isinstance(value, dict | list):
                stack.append(value)
    for node, key in chance.sample(places, min(len(places), chance.randint(1, 3))):
        node[key] = chance.choice(STRANGE)
    return json.dumps(document, separators=(",", ":")).encode()


def nested(chance: random.Random, body: bytes) -> bytes:
    depth = chance.choice([10, 500, 1_500, 20_000])
    deep = b"[" * depth + b"]" * depth if chance.random() < 0.5 else b'{"a":' * depth + b"1" + b"}" * depth
    return body.replace(b'"text"', deep, 1) if chance.random() < 0.5 else deep


SPOILERS: tuple[Callable[[random.Random, bytes], bytes], ...] = (cut_off, flipped, doubled, replaced, replaced, nested)
