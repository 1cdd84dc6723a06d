"""The ingress port: who stands before the runtimes is told who is where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class IngressError(Exception):
    """The ingress could not be told. The message says in one line what is wrong and what to do."""


class Ingress(Protocol):
    def lead(self, routes: Mapping[str, str]) -> None:
        """Lead ``/t/<tenant>/…`` to these addresses (host:port) and no others. Asking again changes nothing.

        Raises:
            IngressError: nobody answers, or it refuses; what it led before it goes on leading.
        """
