"""What every sync state promises. Subclass it and give the fixture ``sync``."""

from __future__ import annotations

from connectors.state import SyncStatePort


class SyncStateContract:
    async def test_a_token_is_kept_by_its_name_until_it_is_forgotten(self, sync: SyncStatePort) -> None:
        assert await sync.get("one") is None
        await sync.set("one", "token ñ")
        await sync.set("two", "other")
        assert await sync.get("one") == "token ñ"
        await sync.set("one", "next")
        assert await sync.get("one") == "next"
        await sync.set("one", None)
        assert await sync.get("one") is None
        assert await sync.get("two") == "other"
