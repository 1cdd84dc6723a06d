"""Meta's side of a WhatsApp account, as the tests of the commands have it."""

from __future__ import annotations

from tests.platform_admin.whatsapp.conftest import connected, meta

__all__ = ["connected", "meta"]
