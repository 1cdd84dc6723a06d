"""How a runtime proves which tenant it is."""

from __future__ import annotations

from typing import ClassVar

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from platform_admin.tenants.actions import note_token_use
from platform_admin.tenants.models import RuntimeToken, Tenant
from platform_admin.tenants.queries import valid_runtime_token

_SCHEME = b"bearer"
_PARTS = 2


class RuntimePrincipal:
    """What ``request.auth`` holds when a runtime asks: a tenant, not a person."""

    is_authenticated: ClassVar[bool] = True

    def __init__(self, token: RuntimeToken) -> None:
        self.token = token

    @property
    def tenant(self) -> Tenant:
        return self.token.tenant


class RuntimeTokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer <token>`` (RFC 6750). A missing, unknown or revoked token gets the same 401."""

    def authenticate(self, request: Request) -> tuple[RuntimePrincipal, RuntimePrincipal] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != _SCHEME:
            return None
        if len(parts) != _PARTS:
            raise AuthenticationFailed
        token = valid_runtime_token(parts[1].decode("latin-1"))
        if token is None:
            raise AuthenticationFailed
        note_token_use(token=token, at=timezone.now())
        principal = RuntimePrincipal(token)
        return principal, principal

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="frontdesk"'


class RuntimeThrottle(SimpleRateThrottle):
    """One bucket per token; the rate stands in the settings."""

    scope = "runtime"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        principal = request.auth
        if not isinstance(principal, RuntimePrincipal):
            return None
        return self.cache_format % {"scope": self.scope, "ident": principal.token.pk}
