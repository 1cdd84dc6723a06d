"""Asks a model's server about the model that is configured: free, and it tells key, address and name apart."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from connectors.probe import ProbeResult, faulty, works
from connectors.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from httpx2 import AsyncClient


async def probe_model(http: AsyncClient, url: str, *, headers: Mapping[str, str], server: str) -> ProbeResult:
    """``url`` is the model's own address. Raises ``ConnectorError`` for what has no better words here."""
    # Only a process that binds such a provider loads the HTTP stack.
    from connectors.kernel.http_errors import raise_for_status, read_json, transport_errors  # noqa: PLC0415

    with transport_errors(server):
        response = await http.get(url, headers=dict(headers))
    status = response.status_code
    detail = f"{server}: answered {status}"
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return faulty(
            Words("The key was refused.", "La clave ha sido rechazada."),
            Words(
                "Store a key that is valid and may use this model.",
                "Guarda una clave válida que pueda usar este modelo.",
            ),
            option="api_key",
            detail=detail,
        )
    if status == HTTPStatus.PAYMENT_REQUIRED:
        return faulty(
            Words("The account has no credit.", "La cuenta no tiene saldo."),
            Words("Top it up at the provider.", "Recárgala en el proveedor."),
            detail=detail,
        )
    if status == HTTPStatus.NOT_FOUND:
        return faulty(
            Words("There is no such model at this address.", "No existe ese modelo en esta dirección."),
            Words("Check the model and the address.", "Revisa el modelo y la dirección."),
            option="model",
            detail=detail,
        )
    raise_for_status(response, server)
    read_json(response, server)
    return works(Words("The key works and the model is there.", "La clave funciona y el modelo existe."))
