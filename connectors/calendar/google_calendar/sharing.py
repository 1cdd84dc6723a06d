"""Whether the credential works and the calendars are shared as they must be, in words for who sets it up."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.calendar.google_calendar.client import GoogleClient, events_path
from connectors.calendar.google_calendar.error_table import NotFoundError
from connectors.errors import UnauthorizedError
from connectors.probe import ProbeResult, faulty, works
from connectors.words import Words

_MAY_WRITE = frozenset({"writer", "owner"})


async def probe_sharing(client: GoogleClient, calendars: Sequence[str]) -> ProbeResult:
    """Ask for a token, then each calendar for what we may do in it. Changes nothing. Raises ``ConnectorError``."""
    try:
        account = await client.signed_in()
    except UnauthorizedError as error:
        return _refused(str(error))
    for calendar in calendars:
        query = {"maxResults": "1", "fields": "accessRole"}
        try:
            answer = await client.request("GET", events_path(calendar), query=query)
        except NotFoundError as error:
            return _not_shared(calendar, account, str(error))
        except UnauthorizedError as error:
            return _refused(str(error))
        if answer.get("accessRole") not in _MAY_WRITE:
            return _read_only(calendar, account)
    return works(
        Words(
            "Google Calendar answers, and the calendar is shared.",
            "Google Calendar responde y el calendario está compartido.",
        )
    )


def _refused(detail: str) -> ProbeResult:
    return faulty(
        Words(f"Google does not let us in: {detail}.", f"Google no nos deja entrar ({detail})."),
        Words(
            "Create a new key for the service account and store it; check that the Google Calendar API is enabled.",
            "Crea una clave nueva de la cuenta de servicio y guárdala; comprueba que la API de Google Calendar está"
            " activada.",
        ),
        option="credentials",
        detail=detail,
    )


def _not_shared(calendar: str, account: str, detail: str) -> ProbeResult:
    return faulty(
        Words(f"The calendar {calendar} is not shared with us.", f"El calendario {calendar} no está compartido."),
        Words(
            f"Share it with {account} and let it make changes to events; then check the id.",
            f"Compártelo con {account} con permiso para cambiar eventos y revisa el ID.",
        ),
        option="calendar_id",
        detail=detail,
    )


def _read_only(calendar: str, account: str) -> ProbeResult:
    return faulty(
        Words(f"We may only look at the calendar {calendar}.", f"El calendario {calendar} es solo de lectura."),
        Words(
            f"In its sharing settings, let {account} make changes to events.",
            f"En su configuración, permite a {account} realizar cambios en los eventos.",
        ),
        option="calendar_id",
        detail="the access role is too low",
    )
