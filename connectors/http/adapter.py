"""``HttpConnector``: performs declared requests through the guarded client."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING

from connectors.binding import Binding
from connectors.errors import ConnectorConfigError
from connectors.http.answer import result_of
from connectors.http.config import Auth, HttpConfig, read_config
from connectors.http.declaration import Declaration, Method
from connectors.http.headers import checked_value
from connectors.http.parameters import typed
from connectors.http.placeholders import fill, fill_json, fill_path
from connectors.operation import Access, Operation
from connectors.plain_json import JSON
from connectors.port import ConnectorCall, ConnectorPort
from connectors.probe import ProbeResult, faulty, works
from connectors.words import Words

if TYPE_CHECKING:
    from httpx2 import URL, AsyncClient, Response

CATEGORIES = None  # any name that is not a family's
CONFIG = HttpConfig

FAMILIES = frozenset({"calendar", "llm", "notification"})
"""Categories whose operations are fixed; a declaration could only be another thing under their name."""


class HttpConnector(ConnectorPort):
    """One API. Its operations are the tenant's own."""

    def __init__(self, category: str, config: HttpConfig, http: Callable[[], AsyncClient]) -> None:
        self.category = category
        self._config = config
        self._http = http
        self._declared = {declaration.operation.name: declaration for declaration in config.operations}
        self._operations = {name: declaration.operation for name, declaration in self._declared.items()}

    @property
    def operations(self) -> Mapping[str, Operation]:
        return self._operations

    async def invoke(self, call: ConnectorCall) -> JSON:
        operation = self.operation(call.operation)
        declaration = self._declared[operation.name]
        values = typed(operation.check(call.params), operation)
        response = await self._ask(declaration, values, call.idempotency_key)
        return result_of(response, declaration, self.category)

    async def probe(self) -> ProbeResult:
        """Ask ``probe_path`` with the credential; without one, see whether anybody answers at the address."""
        path = self._config.probe_path
        response = await self._get(self._url(path or "/"), {})
        status = response.status_code
        if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN) and (path or self._config.secret):
            return faulty(
                Words("The credential was refused.", "La credencial ha sido rechazada."),
                Words("Check the credential and how it is sent.", "Revisa la credencial y la forma en que se envía."),
                option="secret",
                detail=f"{self.category}: answered {status}",
            )
        if path and not response.is_success:
            return faulty(
                Words("The check did not succeed.", "La comprobación ha fallado."),
                Words("Check the address and the path.", "Revisa la dirección y la ruta."),
                option="probe_path",
                detail=f"{self.category}: answered {status}",
            )
        if path:
            return works(Words("The API answers as it should.", "La API responde como debe."))
        return works(
            Words(
                "Somebody answers at this address. Set a path for a check to try the credential as well.",
                "Alguien responde en esta dirección. Indica una ruta para probar también la credencial.",
            )
        )

    async def _ask(self, declaration: Declaration, values: Mapping[str, JSON], key: str) -> Response:
        from connectors.kernel.http_errors import transport_errors  # noqa: PLC0415 - loads the HTTP stack

        headers = dict(self._config.headers) | {
            name: checked_value(fill(text, values), name) for name, text in declaration.headers.items()
        }
        url = self._url(fill_path(declaration.path, values), declaration.query, values)
        if declaration.method is Method.GET:
            return await self._get(url, headers)
        if key and declaration.operation.access is Access.WRITES:
            headers["idempotency-key"] = key
        body = fill_json(declaration.body, values)
        with transport_errors(self.category):
            return await self._http().request(
                declaration.method.value, url, headers={**headers, **self._credentials()}, json=body
            )

    async def _get(self, url: URL, headers: Mapping[str, str]) -> Response:
        from connectors.kernel.egress.redirects import get_following  # noqa: PLC0415 - loads the HTTP stack
        from connectors.kernel.http_errors import transport_errors  # noqa: PLC0415 - the same

        wanted = {"accept": "application/json", **headers}
        with transport_errors(self.category):
            if self._config.follow_redirects:
                return await get_following(self._http(), url, headers=wanted, credentials=self._credentials())
            return await self._http().get(url, headers={**wanted, **self._credentials()})

    def _url(self, path: str, query: Mapping[str, str] | None = None, values: Mapping[str, JSON] | None = None) -> URL:
        from connectors.kernel.egress.client import checked_url  # noqa: PLC0415 - loads the HTTP stack

        url = checked_url(self._config.base_url + path)
        filled = {name: fill(text, values or {}) for name, text in (query or {}).items()}
        # A parameter that the flow left out is left out here too.
        present = {name: text for name, text in filled.items() if text}
        return url.copy_merge_params(present) if present else url

    def _credentials(self) -> dict[str, str]:
        config = self._config
        match config.auth:
            case Auth.NONE:
                return {}
            case Auth.BEARER:
                return {"authorization": f"Bearer {config.secret}"}
            case Auth.BASIC:
                token = base64.b64encode(f"{config.user}:{config.secret}".encode()).decode("ascii")
                return {"authorization": f"Basic {token}"}
            case Auth.HEADER:
                return {config.header.lower(): config.secret}


def build(binding: Binding) -> HttpConnector:
    """From a block of configuration. Opens no connection."""
    if binding.category in FAMILIES:
        problem = f"'http' cannot be {binding.category}, whose operations are fixed; choose another name"
        raise ConnectorConfigError([f"{binding.path}.type: {problem}"])
    return HttpConnector(binding.category, read_config(binding.options, binding.path), binding.guarded_http)
