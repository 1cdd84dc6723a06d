"""``EMAIL_URL`` as Django's ``MAILERS``."""

from __future__ import annotations

from typing import Any

_OPTIONS_OF_SMTP = {
    "EMAIL_HOST": "host",
    "EMAIL_PORT": "port",
    "EMAIL_HOST_USER": "username",
    "EMAIL_HOST_PASSWORD": "password",
    "EMAIL_USE_TLS": "use_tls",
    "EMAIL_USE_SSL": "use_ssl",
}

_SEND_TIMEOUT_S = 10
"""A mail server that hangs must not hold a request for ever."""


def mailers_from(config: dict[str, Any]) -> dict[str, Any]:
    """The one mailer, from what django-environ parsed."""
    backend = config["EMAIL_BACKEND"]
    options: dict[str, Any] = {}
    if backend.endswith("smtp.EmailBackend"):
        options = {ours: config[theirs] for theirs, ours in _OPTIONS_OF_SMTP.items() if config.get(theirs)}
        options["timeout"] = _SEND_TIMEOUT_S
    elif backend.endswith("filebased.EmailBackend"):
        options = {"file_path": config["EMAIL_FILE_PATH"]}
    return {"default": {"BACKEND": backend, "OPTIONS": options}}
