"""The map of a conversation: a card for every step and the ways between them, where each stands.

Read from the document as it is being written, faults and all: whatever cannot be read is simply not drawn.
"""

from __future__ import annotations

from platform_admin.authoring.map.drawing import Card, Drawing, Way, read_map

__all__ = ["Card", "Drawing", "Way", "read_map"]
