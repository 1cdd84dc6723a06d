"""The ``connectors.notification`` block of type ``email``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from connectors.errors import ConnectorConfigError
from connectors.kernel.option_kinds import Choice, Document, Integer, Secret, Text
from connectors.kernel.options import option, read_options
from connectors.plain_json import JSON
from connectors.words import Words

_ADDRESS = re.compile(
    r"(?=[^@]{1,64}@)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
"""What HTML calls a valid address, with a domain of two parts or more. No quoted forms: nothing needs escaping."""

_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?"

MAX_RECIPIENTS = 10
"""The people of a small business."""


class Security(StrEnum):
    """How the connection is protected."""

    STARTTLS = "starttls"
    """TLS is demanded before anything is said (port 587)"""
    TLS = "tls"
    """TLS from the first byte (port 465)"""
    NONE = "none"
    """in clear; only in networks that the operator opened"""


def is_address(text: str) -> bool:
    """Whether ``text`` is one plain address."""
    return _ADDRESS.fullmatch(text) is not None


def read_address(value: JSON) -> str:
    """One address. Raises ``ValueError``."""
    if not isinstance(value, str) or not is_address(value):
        raise ValueError("must be an e-mail address")
    return value


def read_addresses(value: JSON) -> tuple[str, ...]:
    """One address or a list of them. Raises ``ValueError``."""
    listed = value if isinstance(value, list) else [value]
    if not 1 <= len(listed) <= MAX_RECIPIENTS:
        raise ValueError(f"must be 1 to {MAX_RECIPIENTS} e-mail addresses")
    return tuple(read_address(item) for item in listed)


_EMAIL = {"type": "string", "format": "email"}


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailConfig:
    """``port`` 0 is the usual one of ``security``. A flow may write to addresses in ``to`` and nowhere else."""

    host: Annotated[
        str, option(Text("the name of a mail server", pattern=_HOST), Words("Mail server", "Servidor de correo"))
    ]
    sender: Annotated[str, option(Document(read_address, {**_EMAIL}), Words("From", "De"))]
    to: Annotated[
        tuple[str, ...],
        option(
            Document(
                read_addresses,
                {"oneOf": [{**_EMAIL}, {"type": "array", "items": {**_EMAIL}, "maxItems": MAX_RECIPIENTS}]},
            ),
            Words("To", "Para"),
            Words("One address or several; the first is told first.", "Una dirección o varias."),
        ),
    ]
    user: Annotated[str, option(Text(max_length=200), Words("User", "Usuario"))] = ""
    password: Annotated[
        str, option(Secret("the password of the mail server, of plain characters"), Words("Password", "Contraseña"))
    ] = field(default="", repr=False)
    security: Annotated[Security, option(Choice(Security), Words("Encryption", "Cifrado"))] = Security.STARTTLS
    port: Annotated[int, option(Integer(0, 65535), Words("Port", "Puerto"))] = 0

    @property
    def real_port(self) -> int:
        usual = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}
        return self.port or usual[self.security]


def read_config(options: Mapping[str, JSON], path: str) -> EmailConfig:
    """Read a block. Raises ``ConnectorConfigError`` with every fault and its path."""
    config = read_options(EmailConfig, options, path)
    if config.user and not config.password:
        raise ConnectorConfigError([f"{path}.password: is missing; store it as the credential {path}.password"])
    if config.password and config.security is Security.NONE:
        raise ConnectorConfigError([f"{path}.security: a password is not sent in clear; use starttls or tls"])
    return config
