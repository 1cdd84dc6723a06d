"""Caddy, told over its admin socket. A whole configuration is taken or refused at once; open requests go on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx2

from platform_admin.fleet.caddy.configuration import ADMIN_HOST, IngressConfiguration, caddy_document
from platform_admin.fleet.ingress import IngressError

_TIMEOUT_S = 10.0
_LONGEST_DETAIL = 200


class CaddyIngress:
    """``Ingress`` over the socket at ``socket``, which is where the orchestrator sees the ingress's own."""

    def __init__(self, socket: Path, configuration: IngressConfiguration) -> None:
        self._socket = socket
        self._configuration = configuration

    def lead(self, routes: Mapping[str, str]) -> None:
        document = caddy_document(routes, self._configuration)
        transport = httpx2.HTTPTransport(uds=str(self._socket))
        with httpx2.Client(transport=transport, base_url=f"http://{ADMIN_HOST}", timeout=_TIMEOUT_S) as admin:
            # Asked first: a reload that changes nothing would still close idle connections. An ingress that was made
            # anew knows nothing, and is told again here.
            if _ask(admin, "GET", "/config/") == document:
                return
            _ask(admin, "POST", "/load", document)


def _ask(admin: httpx2.Client, method: str, path: str, document: Mapping[str, Any] | None = None) -> object:
    try:
        answer = admin.request(method, path, json=document)
    except httpx2.TransportError as error:
        message = f"The ingress does not answer ({type(error).__name__}). Start it; what it led before may go on."
        raise IngressError(message) from error
    if answer.is_error:
        raise IngressError(f"The ingress refuses its configuration: {answer.text.strip()[:_LONGEST_DETAIL]}")
    return answer.json() if answer.content else None
