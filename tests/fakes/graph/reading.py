"""What the Graph API would refuse of a call that marks a message as read."""

from __future__ import annotations

from collections.abc import Iterator

from tests.fakes.graph.checks import Object, identifier, keys


def problems_of_reading(body: Object) -> Iterator[str]:
    yield from keys("the body", body, {"messaging_product", "status", "message_id", "typing_indicator"})
    if body.get("messaging_product") != "whatsapp":
        yield "messaging_product must be 'whatsapp'"
    if body.get("status") != "read":
        yield "status must be 'read'"
    yield from identifier("message_id", body.get("message_id"), 512)
    if body.get("typing_indicator", {"type": "text"}) != {"type": "text"}:
        yield "typing_indicator must be {'type': 'text'}"
