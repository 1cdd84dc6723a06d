"""A connector asked whether it would work: bounded in time, and whatever happens put into plain words."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from connectors.errors import ConnectorError, FailureKind
from connectors.kernel.redaction import Redactor
from connectors.port import ConnectorPort
from connectors.probe import Choice, ProbeResult, faulty, unreachable
from connectors.words import Words

logger = logging.getLogger(__name__)

PROBE_S = 10.0
"""Seconds. Somebody sits before a form and waits."""

_CREDENTIAL = (
    Words("The credential was refused.", "La credencial ha sido rechazada."),
    Words(
        "Store a new one, and check that it may do what is asked of it.",
        "Guarda una nueva y comprueba que tiene permiso para lo que se le pide.",
    ),
)

_AGAIN = Words("Try again in a few minutes.", "Vuelve a probar dentro de unos minutos.")

_WORDS: Mapping[FailureKind, tuple[Words, Words]] = {
    FailureKind.UNAUTHORIZED: _CREDENTIAL,
    FailureKind.REJECTED: (
        Words("It answers, and refuses what is set up here.", "Responde, pero rechaza lo que está configurado."),
        Words("Check names, ids and addresses.", "Revisa nombres, identificadores y direcciones."),
    ),
    FailureKind.CONFLICT: (
        Words("It answers, but not as expected.", "Responde, pero no como se esperaba."),
        Words("Check names, ids and addresses.", "Revisa nombres, identificadores y direcciones."),
    ),
    FailureKind.RATE_LIMITED: (
        Words("It asks for fewer requests at the moment.", "Pide menos consultas en este momento."),
        _AGAIN,
    ),
    FailureKind.TIMEOUT: (
        Words("It did not answer in time.", "No ha respondido a tiempo."),
        Words("Check the address, or try again in a few minutes.", "Revisa la dirección o prueba más tarde."),
    ),
    FailureKind.UNAVAILABLE: (
        Words("It cannot be reached, or does not work.", "No se puede contactar o no funciona."),
        Words("Check the address, or try again in a few minutes.", "Revisa la dirección o prueba más tarde."),
    ),
}

_A_PERSON_MUST_ACT = frozenset({FailureKind.UNAUTHORIZED, FailureKind.REJECTED, FailureKind.CONFLICT})


async def probe_connector(
    connector: ConnectorPort, *, redact: Redactor | None = None, limit_s: float = PROBE_S
) -> ProbeResult:
    """Never raises but for cancellation."""
    redact = redact or Redactor()
    try:
        async with asyncio.timeout(limit_s):
            return await connector.probe()
    except ConnectorError as error:
        return probe_of(error.kind, redact(str(error)))
    except TimeoutError:
        return probe_of(FailureKind.TIMEOUT, f"no answer within {limit_s:g} s")
    except Exception as error:
        # The boundary of foreign code, as in the pipeline: a defect of an adapter is told, not thrown at a form.
        logger.exception("the probe of %s is defective", connector.category)
        return probe_of(FailureKind.UNAVAILABLE, f"defect: {type(error).__name__}")


async def choices_of(
    connector: ConnectorPort, *, redact: Redactor | None = None, limit_s: float = PROBE_S
) -> tuple[Choice, ...] | ProbeResult:
    """What there is to pick from, or in plain words why that cannot be told. Never raises but for cancellation."""
    redact = redact or Redactor()
    try:
        async with asyncio.timeout(limit_s):
            return tuple(await connector.choices())
    except ConnectorError as error:
        return probe_of(error.kind, redact(str(error)))
    except TimeoutError:
        return probe_of(FailureKind.TIMEOUT, f"no answer within {limit_s:g} s")
    except Exception as error:
        logger.exception("the choices of %s are defective", connector.category)
        return probe_of(FailureKind.UNAVAILABLE, f"defect: {type(error).__name__}")


def probe_of(kind: FailureKind, detail: str) -> ProbeResult:
    """The words for a failure that the provider has no better ones for."""
    finding, remedy = _WORDS[kind]
    if kind in _A_PERSON_MUST_ACT:
        return faulty(finding, remedy, detail=detail)
    return unreachable(finding, remedy, detail=detail)
