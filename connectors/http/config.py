"""A ``connectors.<name>`` block of type ``http``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from connectors.errors import ConnectorConfigError
from connectors.http.declaration import Declaration
from connectors.http.headers import checked_name, is_one_line
from connectors.http.operations_schema import OPERATIONS_SCHEMA, TEXTS_SCHEMA
from connectors.http.reading import read_operations
from connectors.kernel.option_kinds import Choice, Document, Flag, HttpsAddress, Secret, Text
from connectors.kernel.options import option, read_options
from connectors.plain_json import JSON
from connectors.words import Words


class Auth(StrEnum):
    """How the API knows us. The secret itself is the credential ``connectors.<name>.secret``."""

    NONE = "none"
    BEARER = "bearer"
    BASIC = "basic"
    HEADER = "header"


def read_headers(value: JSON) -> Mapping[str, str]:
    """Headers of every request. Raises ``ValueError``."""
    if not isinstance(value, dict) or not all(isinstance(text, str) and is_one_line(text) for text in value.values()):
        raise ValueError("must be a mapping of names to texts of one line of plain characters")
    return {checked_name(name): str(text) for name, text in value.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpConfig:
    """``probe_path`` is asked with the credential when somebody wants to know whether it works."""

    base_url: Annotated[
        str, option(HttpsAddress(), Words("Address", "Dirección"), example="https://api.example.com/v1")
    ]
    operations: Annotated[
        tuple[Declaration, ...], option(Document(read_operations, OPERATIONS_SCHEMA), Words("Requests", "Peticiones"))
    ]
    auth: Annotated[Auth, option(Choice(Auth), Words("Credential is sent as", "La credencial se envía como"))] = (
        Auth.NONE
    )
    user: Annotated[str, option(Text(), Words("User (basic)", "Usuario (basic)"))] = ""
    header: Annotated[str, option(Text(), Words("Header (header)", "Cabecera (header)"), example="X-Api-Key")] = ""
    secret: Annotated[str, option(Secret(), Words("Credential", "Credencial"))] = field(default="", repr=False)
    headers: Annotated[
        Mapping[str, str],
        option(Document(read_headers, TEXTS_SCHEMA), Words("Headers of every request", "Cabeceras de cada petición")),
    ] = field(default_factory=dict)
    follow_redirects: Annotated[
        bool,
        option(
            Flag(),
            Words("Follow redirects", "Seguir redirecciones"),
            Words("Of reads only; without the credential.", "Solo al leer; sin la credencial."),
        ),
    ] = False
    probe_path: Annotated[
        str, option(Text(), Words("Path that is asked for a check", "Ruta para comprobar"), example="/status")
    ] = ""


def read_config(options: Mapping[str, JSON], path: str) -> HttpConfig:
    """Read a block. Raises ``ConnectorConfigError`` with every fault and its path."""
    config = read_options(HttpConfig, options, path)
    problems: list[str] = []
    if config.auth is not Auth.NONE and not config.secret:
        problems.append(f"{path}.secret: is missing; store it as the credential {path}.secret")
    if config.auth is Auth.BASIC and not config.user:
        problems.append(f"{path}.user: is missing")
    if config.auth is Auth.HEADER:
        try:
            checked_name(config.header)
        except ValueError as error:
            problems.append(f"{path}.header: {error}")
    if problems:
        raise ConnectorConfigError(problems)
    return config
