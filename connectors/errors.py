"""Every error this package lets out.

::

    Exception
    ├── ConnectorError              a call gave no result; ``kind`` says why
    │   ├── TimedOutError           timeout       no answer within the attempt or the whole deadline
    │   ├── UnavailableError        unavailable   the other side cannot be reached or is broken
    │   │   ├── CircuitOpenError                  not even tried: the breaker is open
    │   │   ├── OutcomeUnknownError               asked, and nobody said whether it was done; never repeated
    │   │   └── AdapterFaultError                 our own adapter failed in a way it never announced
    │   ├── RateLimitedError        rate_limited  too many requests; come back later
    │   │   └── OverloadedError                   not even tried: our own callers are too many
    │   ├── UnauthorizedError       unauthorized  the credential is missing, wrong or lacks a right
    │   ├── RejectedError           rejected      the request can never work as it stands
    │   └── ConflictError           conflict      right in itself, but someone else was there first
    └── ConnectorConfigError        the tenant's configuration cannot be used; lists every fault

The first six words are the kinds a flow can branch on. Only an error whose class says
``retryable`` is tried again, and only by ``kernel.retry``.

``str(error)`` is for logs and traces. It is written by us, says what is wrong and where, and holds
no credential; it is never shown to a customer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import ClassVar


class FailureKind(StrEnum):
    """Why a call gave no result. The flow engine uses the same words."""

    TIMEOUT = "timeout"
    UNAVAILABLE = "unavailable"
    RATE_LIMITED = "rate_limited"
    UNAUTHORIZED = "unauthorized"
    REJECTED = "rejected"
    CONFLICT = "conflict"


class ConnectorError(Exception):
    """A call gave no result. Raised only through one of the classes below.

    ``retry_after_s`` is how long the other side (or the breaker) asked us to wait, if it did.
    """

    kind: ClassVar[FailureKind]
    retryable: ClassVar[bool] = False

    def __init__(self, message: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class TimedOutError(ConnectorError):
    """No answer in time. The other side may have done the work all the same."""

    kind = FailureKind.TIMEOUT
    retryable = True


class UnavailableError(ConnectorError):
    """Connection refused or lost, a 5xx answer, or an answer that makes no sense."""

    kind = FailureKind.UNAVAILABLE
    retryable = True


class CircuitOpenError(UnavailableError):
    """The breaker refused the call; the other side was not contacted."""

    retryable = False


class OutcomeUnknownError(UnavailableError):
    """It was asked and may have been done; doing it again could do it twice, and the other side could not tell."""

    retryable = False


class AdapterFaultError(UnavailableError):
    """An adapter raised something outside this tree: a defect of ours, found in the cause."""

    retryable = False


class RateLimitedError(ConnectorError):
    """The other side is up and asks for fewer requests."""

    kind = FailureKind.RATE_LIMITED
    retryable = True


class OverloadedError(RateLimitedError):
    """Our own callers are too many for this connector; trying again at once would make them more."""

    retryable = False


class UnauthorizedError(ConnectorError):
    """The credential does not open the door. Trying again cannot help; a person must act."""

    kind = FailureKind.UNAUTHORIZED


class RejectedError(ConnectorError):
    """The request is wrong: unknown operation, missing parameter, impossible date."""

    kind = FailureKind.REJECTED


class ConflictError(ConnectorError):
    """The request came too late: the time was taken, or the key already stands for something else."""

    kind = FailureKind.CONFLICT


ERROR_OF: Mapping[FailureKind, type[ConnectorError]] = {
    FailureKind.TIMEOUT: TimedOutError,
    FailureKind.UNAVAILABLE: UnavailableError,
    FailureKind.RATE_LIMITED: RateLimitedError,
    FailureKind.UNAUTHORIZED: UnauthorizedError,
    FailureKind.REJECTED: RejectedError,
    FailureKind.CONFLICT: ConflictError,
}
"""The error of each kind, for whoever is told a kind: a script, a declaration."""


class ConnectorConfigError(Exception):
    """The ``connectors`` block cannot be used.

    ``problems`` holds every fault found, each as ``path: what is wrong; what to do``.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" | ".join(problems))
        self.problems = tuple(problems)
