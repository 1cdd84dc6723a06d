"""How a form names a contact of a business."""

from __future__ import annotations

from tests.platform_admin.isolation.objects import Objects


def contact(objects: Objects) -> dict[str, str]:
    return {"channel": "whatsapp:1", "contact": objects.contact, "conversation": objects.conversation}
