"""How often a shared draft may be played: enough for several people who try it, too little to keep a server busy."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView


class GuestThrottle(SimpleRateThrottle):
    """One bucket for each link."""

    rate = "90/min"
    scope = "shared_draft"

    def __init__(self, link: str) -> None:
        super().__init__()
        self._link = link

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self._link}
