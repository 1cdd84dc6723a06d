"""What a driver refuses with. The message says in one line what is wrong, where, and what to do.

::

    DriverError
    ├── EngineUnreachableError   nobody answers: nothing is known of any runtime
    ├── ImageMissingError        the engine cannot get the image
    ├── ImageOnItsWayError       the engine is getting it; asked again, it goes on when it is there
    ├── PortTakenError           another program listens where the runtime should
    ├── QuotaExceededError       the substrate has no room left: memory, CPU, disk, objects
    ├── StateUnavailableError    a tenant's state cannot be copied or put back
    └── RefusedError             the engine says no; carries its own words
"""

from __future__ import annotations

_LONGEST_DETAIL = 300


class DriverError(Exception):
    """Base of the tree; never raised itself."""


class EngineUnreachableError(DriverError):
    def __init__(self, engine: str, detail: str) -> None:
        super().__init__(f"{engine} does not answer ({_one_line(detail)}). Start it; nothing was changed meanwhile.")


class ImageMissingError(DriverError):
    def __init__(self, image: str, *, tenant: str, detail: str = "") -> None:
        why = f" ({_one_line(detail)})" if detail else ""
        super().__init__(
            f"The image {image} for {tenant} is not there{why}. Build or push it, or choose another version."
        )
        self.image = image


class ImageOnItsWayError(DriverError):
    """``comes_on``: parts of it are there or coming, and that has not taken too long."""

    def __init__(self, image: str, *, tenant: str, progress: str = "", comes_on: bool = False) -> None:
        far = f" ({progress})" if progress else ""
        super().__init__(f"The image {image} for {tenant} is being fetched{far}. {tenant} starts when it is there.")
        self.image = image
        self.comes_on = comes_on


class PortTakenError(DriverError):
    def __init__(self, port: int, *, tenant: str) -> None:
        super().__init__(f"Port {port} is taken by another program. Stop it, or give {tenant} another port.")
        self.port = port


class QuotaExceededError(DriverError):
    def __init__(self, tenant: str, detail: str) -> None:
        super().__init__(f"There is no room for {tenant}: {_one_line(detail)}. Raise the quota or lower its limits.")


class StateUnavailableError(DriverError):
    def __init__(self, tenant: str, detail: str) -> None:
        super().__init__(f"The state of {tenant} cannot be used: {_one_line(detail)}")


class RefusedError(DriverError):
    def __init__(self, tenant: str, detail: str) -> None:
        super().__init__(f"The engine refuses {tenant}: {_one_line(detail)}")


def _one_line(text: str) -> str:
    return " ".join(text.split()).rstrip(".")[:_LONGEST_DETAIL] or "no reason was given"
