"""The ``connectors.calendar`` block of type ``google_calendar``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from connectors.calendar.scheduling_options import SchedulingOptions
from connectors.errors import ConnectorConfigError
from connectors.kernel.option_kinds import Secret, Text
from connectors.kernel.options import option
from connectors.words import Words

_CALENDAR_ID = Text("the id of a calendar, as its settings show it", r"[^\s/?]{3,254}")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleCalendarConfig(SchedulingOptions):
    """``credentials`` is the service account's key file itself, a credential; ``credentials_path`` names the file.

    One of the two is needed; the path is for development.
    """

    calendar_id: Annotated[
        str,
        option(
            _CALENDAR_ID,
            Words("Calendar id", "ID del calendario"),
            Words(
                "In Google Calendar: Settings of the calendar, Integrate calendar.",
                "En Google Calendar: Configuración del calendario, Integrar el calendario.",
            ),
            example="business@group.calendar.google.com",
        ),
    ]
    credentials: Annotated[
        str,
        option(
            Secret("the content of the service account's key file (JSON)", multiline=True),
            Words("Key file of the service account", "Archivo de clave de la cuenta de servicio"),
        ),
    ] = field(default="", repr=False)
    credentials_path: Annotated[
        str,
        option(
            Text("the path of the key file"),
            Words("Path of the key file", "Ruta del archivo de clave"),
            Words("For development only.", "Solo para desarrollo."),
        ),
    ] = ""

    def check(self, path: str) -> None:
        """Raises ``ConnectorConfigError`` unless there is one credential."""
        if not self.credentials and not self.credentials_path:
            place = f"{path}.credentials"
            raise ConnectorConfigError([f"{place}: is missing; store the key file as the credential {place}"])
        if self.credentials and self.credentials_path:
            raise ConnectorConfigError([f"{path}.credentials_path: is not needed beside credentials; keep one"])
