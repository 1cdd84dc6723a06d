"""What a driver refuses with.

::

    DriverError
    └── PortTakenError    another program listens where the runtime should
"""

from __future__ import annotations


class DriverError(Exception):
    """Base of the tree. The message says what is wrong and what to do."""


class PortTakenError(DriverError):
    def __init__(self, port: int, *, tenant: str) -> None:
        super().__init__(f"Port {port} is taken by another program. Stop it, or give {tenant} another port.")
        self.port = port
