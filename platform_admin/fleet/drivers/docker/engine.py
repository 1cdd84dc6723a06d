"""The engine's client, and its refusals in the words of ``drivers/errors``."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Final

import docker
from docker.errors import APIError, DockerException, ImageNotFound, NotFound

from platform_admin.fleet.drivers.errors import EngineUnreachableError, QuotaExceededError, RefusedError

ENGINE: Final = "The container engine"
TIMEOUT_S: Final = 120
"""Longer than a container may take to finish its turns and stop."""

_NO_ROOM: Final = ("no space left", "quota", "cannot allocate memory", "limit exceeded", "no available", "exhausted")
"""How engines say that something ran out: disk, memory, addresses for networks."""


def connect(address: str | None) -> docker.DockerClient:
    """``address`` like ``unix:///run/podman/podman.sock``; ``None``: as DOCKER_HOST says.

    Raises:
        EngineUnreachableError: nobody answers there.
    """
    try:
        if address is None:
            return docker.from_env(timeout=TIMEOUT_S)
        return docker.DockerClient(base_url=address, timeout=TIMEOUT_S)
    except (DockerException, OSError) as error:  # the client's HTTP library raises kinds of OSError
        raise EngineUnreachableError(ENGINE, cause_of(error)) from error


@contextlib.contextmanager
def refusals_of(tenant: str) -> Iterator[None]:
    """Say what the engine says in our own words."""
    try:
        yield
    except APIError as error:
        words = str(error.explanation or error)
        if any(sign in words.lower() for sign in _NO_ROOM):
            raise QuotaExceededError(tenant, words) from error
        raise RefusedError(tenant, words) from error
    except (DockerException, OSError) as error:  # the client's HTTP library raises kinds of OSError
        raise EngineUnreachableError(ENGINE, cause_of(error)) from error


def cause_of(error: BaseException) -> str:
    """The innermost reason: the client wraps a refused connection three times."""
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


__all__ = ["ENGINE", "APIError", "ImageNotFound", "NotFound", "cause_of", "connect", "refusals_of"]
