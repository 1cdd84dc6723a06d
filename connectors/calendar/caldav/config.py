"""The ``connectors.calendar`` block of type ``caldav``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from connectors.calendar.scheduling_options import SchedulingOptions
from connectors.kernel.option_kinds import HttpsAddress, Secret, Text, TimeZone
from connectors.kernel.options import option
from connectors.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class CalDavConfig(SchedulingOptions):
    """``url`` is the calendar itself, not the server. The zone is needed: whole days are read in it."""

    url: Annotated[
        str,
        option(
            HttpsAddress(),
            Words("Address of the calendar", "Dirección del calendario"),
            Words(
                "Ends in a slash; the program that shows the calendar tells it.",
                "Termina en barra; la muestra el programa donde ves el calendario.",
            ),
            example="https://cloud.example.com/remote.php/dav/calendars/ana/citas/",
        ),
    ]
    username: Annotated[str, option(Text("a user name", max_length=254), Words("User", "Usuario"))]
    password: Annotated[
        str,
        option(
            Secret("the password, or an app password"),
            Words("App password", "Contraseña de aplicación"),
            Words("iCloud and Fastmail want one made for this.", "iCloud y Fastmail piden una creada para esto."),
        ),
    ] = field(repr=False)
    timezone: Annotated[str, option(TimeZone(), Words("Time zone", "Zona horaria"))]
