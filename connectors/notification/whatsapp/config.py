"""The ``connectors.notification`` block of type ``whatsapp``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from connectors.errors import ConnectorConfigError
from connectors.kernel.option_kinds import Text
from connectors.kernel.options import option, read_options
from connectors.plain_json import JSON
from connectors.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatsAppNotificationConfig:
    """``template`` is used when the person has not written to the business for 24 hours; it has one blank."""

    to: Annotated[
        str,
        option(
            Text("a number with its country code, like +34600111222", pattern=r"\+[1-9]\d{7,14}"),
            Words("Number to tell", "Número al que avisar"),
            example="+34600111222",
        ),
    ]
    template: Annotated[
        str,
        option(
            Text("the name of a template", pattern=r"[a-z0-9_]{1,512}"),
            Words("Template with one blank", "Plantilla con un hueco"),
            Words(
                "WhatsApp takes free words only within 24 hours of the person's last message.",
                "WhatsApp solo admite texto libre en las 24 horas siguientes a su último mensaje.",
            ),
        ),
    ] = ""
    template_language: Annotated[
        str,
        option(
            Text("a code like es or en_US", pattern=r"[a-z]{2,3}(?:_[A-Z]{2})?"),
            Words("Language of the template", "Idioma de la plantilla"),
        ),
    ] = "es"
    phone_number_id: Annotated[
        str,
        option(
            Text("the id of one of the business's numbers", pattern=r"\d{1,30}"),
            Words("From which number (id), with several", "Desde qué número (id), si hay varios"),
        ),
    ] = ""


def read_config(options: Mapping[str, JSON], path: str) -> WhatsAppNotificationConfig:
    """Read a block. Raises ``ConnectorConfigError``; without a template most notices would never be delivered."""
    config = read_options(WhatsAppNotificationConfig, options, path)
    if not config.template:
        problem = "is missing; without one nothing arrives 24 hours after the person last wrote"
        raise ConnectorConfigError([f"{path}.template: {problem}"])
    return config
