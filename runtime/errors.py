"""The runtime's error tree. Every error names its cause in the message; attributes carry the data.

    TenantRuntimeError
    ├── StoreError
    │   ├── StoreUnavailableError    nothing was stored; try again later (webhook: 503)
    │   ├── StoreInUseError          another process holds the file (exit code 75)
    │   ├── StoreTooNewError         the file was written by a newer version (exit code 78)
    │   ├── StoreDamagedError        the file is damaged, or another tenant's (exit code 65)
    │   └── ClaimLostError           the event is no longer ours; nothing was stored
    ├── SendError                    a channel could not send; carries what to do about it
    ├── AudienceError                nobody told whom a standing schedule is for; asked again later
    ├── ConfigurationError           environment or tenant configuration cannot be used (exit code 78)
    ├── SecretError                  a secret of the bundle cannot be opened or placed (``code``)
    ├── ReleaseError                 an authentic configuration that cannot run (``code``)
    └── ControlPlaneError            the control plane did not answer as asked (``code``); asked again later

Start-up errors of the process (settings, bundle) join this tree where they are defined.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum


class TenantRuntimeError(Exception):
    """Root of everything the runtime raises on purpose."""


class StoreError(TenantRuntimeError):
    """The durable store refused or failed."""


class StoreUnavailableError(StoreError):
    """Disk full, file locked or I/O error. Nothing of the failed write was stored; it may be repeated."""


class StoreInUseError(StoreError):
    """Another process has this tenant's file open. Two writers on one file corrupt order, so we refuse."""


class StoreTooNewError(StoreError):
    """The file's schema version is above what this build knows. Start the newer version instead."""


class StoreDamagedError(StoreError):
    """The file cannot be trusted. It is left as it is: whoever operates the tenant decides what takes its place."""


class ClaimLostError(StoreError):
    """A step was to be stored for an event that is done, parked or claimed by another run."""


class SendAction(StrEnum):
    """What the outbox does after a failed send (classes after Meta's error table)."""

    RETRY = "retry"
    """Certainly not sent: again after a pause."""
    AMBIGUOUS = "ambiguous"
    """May have been sent: wait for a status that carries our id before sending again."""
    PARK = "park"
    """Will never be accepted: keep it, visible, and go on with the next one."""
    STOP_CHANNEL = "stop_channel"
    """The account or its token is at fault: keep everything queued and raise the alarm."""


class SendError(TenantRuntimeError):
    """A channel did not confirm a send. ``retry_after_s`` is the provider's wish in seconds, if any.

    ``account_wide`` says that a retry concerns every message of the account: all of it is too fast. ``detail`` is for
    logs and the dead letter; it holds no secret and no message text.
    """

    def __init__(
        self, action: SendAction, detail: str, *, retry_after_s: float | None = None, account_wide: bool = False
    ) -> None:
        super().__init__(f"{action.value}: {detail}")
        self.action = action
        self.detail = detail
        self.retry_after_s = retry_after_s
        self.account_wide = account_wide


class AudienceError(TenantRuntimeError):
    """The connector of a standing schedule did not tell whom it is for. Nothing was handed out."""


class ConfigurationError(TenantRuntimeError):
    """The process cannot start as it was told to.

    ``problems`` holds every fault found, one line each, in words for the person who set it up. No line
    carries a value of the environment or a secret.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


class SecretError(TenantRuntimeError):
    """The bundle that carries the secret is refused. The message names the field, never the value."""

    code = "secret_unreadable"


class ControlPlaneError(TenantRuntimeError):
    """The control plane could not be asked, or did not give what it was asked for.

    ``code`` is stable and shown by ``/health``: ``unreachable``, ``too_large``, ``http_401`` and so on.
    ``retry_after_s`` is its own wish in seconds, if it has one.
    """

    def __init__(self, code: str, message: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.retry_after_s = retry_after_s


class ReleaseError(TenantRuntimeError):
    """A configuration that is authentic and still cannot run. ``code`` says which part does not compile."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
