"""Whether a calendar is there and may be written, in words for who sets it up."""

from __future__ import annotations

from connectors.calendar.caldav.dav_xml import MAY_WRITE, Multistatus
from connectors.probe import ProbeResult, faulty, works
from connectors.words import Words


def judge(calendar: str, answer: Multistatus | None) -> ProbeResult:
    """``answer`` is what the server says of the calendar, ``None`` when there is nothing at its address."""
    name = calendar or "url"
    if answer is None:
        return faulty(
            Words(
                f"There is no calendar at the address ({name}).", f"No hay ningún calendario en la dirección ({name})."
            ),
            Words("Copy the address of the calendar itself.", "Copia la dirección del propio calendario."),
            option="url",
            detail="404",
        )
    if "calendar" not in answer.tags:
        return faulty(
            Words("What is at the address is no calendar.", "Lo que hay en la dirección no es un calendario."),
            Words("Copy the address of the calendar itself.", "Copia la dirección del propio calendario."),
            option="url",
            detail="its resourcetype is not calendar",
        )
    if "privilege" in answer.tags and not answer.tags & MAY_WRITE:
        return faulty(
            Words("We may only look at the calendar.", "El calendario es solo de lectura."),
            Words("Share it so that it may be changed.", "Compártelo con permiso de escritura."),
            option="url",
            detail="no privilege to write",
        )
    return works(Words("The calendar answers and may be written.", "El calendario responde y se puede escribir."))
