"""How a runtime proves which tenant it is, for views made with DRF."""

from __future__ import annotations

from typing import ClassVar, Self

from django.utils import timezone
from rest_framework import status
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from platform_admin.tenants.models import RuntimeToken, Scope, Tenant
from platform_admin.tenants.runtime_door import Refusal, open_door

CHALLENGE = 'Bearer realm="frontdesk"'


class RuntimePrincipal:
    """What ``request.auth`` holds when a runtime asks: a tenant, not a person."""

    is_authenticated: ClassVar[bool] = True

    def __init__(self, token: RuntimeToken) -> None:
        self.token = token

    @property
    def tenant(self) -> Tenant:
        return self.token.tenant


class InvalidToken(APIException):
    """401 with the reason beside the error code; 403 for a good token that opens other doors."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(code=reason.code)
        self.reason = reason
        self.status_code = status.HTTP_403_FORBIDDEN if reason is Refusal.SCOPE else status.HTTP_401_UNAUTHORIZED
        self.auth_header = CHALLENGE


class RuntimeTokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer <token>``. The view says which scope it asks for (``token_scope``)."""

    def authenticate(self, request: Request) -> tuple[RuntimePrincipal, RuntimePrincipal]:
        scope = _scope_of(request)
        header = get_authorization_header(request).decode("latin-1")
        outcome = open_door(header, scope=scope, now=timezone.now())
        if isinstance(outcome, Refusal):
            raise InvalidToken(outcome)
        principal = RuntimePrincipal(outcome)
        return principal, principal

    def authenticate_header(self, request: Request) -> str:
        return CHALLENGE


def _scope_of(request: Request) -> Scope:
    view = (request.parser_context or {}).get("view")
    return Scope(getattr(view, "token_scope", ""))  # a view that names none opens to nobody


class RuntimeThrottle(SimpleRateThrottle):
    """One bucket per token; the rate stands in the settings."""

    scope = "runtime"
    _token: int | None = None

    @classmethod
    def of(cls, token: int) -> Self:
        """For whoever knows the token's id already."""
        throttle = cls()
        throttle._token = token
        return throttle

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        token = self._token
        if token is None:
            principal = request.auth
            if not isinstance(principal, RuntimePrincipal):
                return None
            token = principal.token.pk
        return self.cache_format % {"scope": self.scope, "ident": token}
