"""What every view of the runtime API has in common: whose it is, how often it may be asked, how it answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rest_framework.exceptions import NotFound
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from platform_admin.tenants.api import RuntimePrincipal, RuntimeThrottle, RuntimeTokenAuthentication
from platform_admin.tenants.models import Scope, Tenant


class OneRenderer(BaseContentNegotiation):
    """Errors are JSON and bundles are bytes, whatever ``Accept`` and ``Content-Type`` say."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        return next(iter(parsers), None)

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, str(renderer.media_type)


class RuntimeView(APIView):
    """A door for the runtime of one tenant. ``token_scope`` says what its token must open."""

    token_scope: ClassVar[Scope]

    authentication_classes = [RuntimeTokenAuthentication]
    throttle_classes = [RuntimeThrottle]
    content_negotiation_class = OneRenderer


def tenant_behind(request: Request, slug: str) -> Tenant:
    """The token's own tenant. Any other slug is 404, whether there is such a tenant or not."""
    principal = request.auth
    if not isinstance(principal, RuntimePrincipal) or principal.tenant.slug != slug:
        raise NotFound
    return principal.tenant
