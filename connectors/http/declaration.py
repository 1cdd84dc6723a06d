"""One declared operation: what is asked, what counts as success, and what of the answer a flow gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from connectors.errors import FailureKind
from connectors.operation import Access, Operation
from connectors.plain_json import JSON


class Method(StrEnum):
    """What HTTP calls the request."""

    GET = "GET"
    POST = "POST"
    PUT = "PUT"
    PATCH = "PATCH"
    DELETE = "DELETE"

    @property
    def repeatable(self) -> bool:
        """Whether the protocol promises that twice is once (RFC 9110 section 9.2.2)."""
        return self not in (Method.POST, Method.PATCH)

    @property
    def access(self) -> Access:
        return Access.READS if self is Method.GET else Access.WRITES


@dataclass(frozen=True, slots=True)
class Success:
    """``statuses`` empty: any 2xx. ``where`` names a place of the answer that must be ``equals``.

    ``otherwise`` is the kind of failure when it is not: an API that says 200 and means no.
    """

    statuses: frozenset[int] = frozenset()
    where: str = ""
    equals: JSON = True
    otherwise: FailureKind = FailureKind.REJECTED


@dataclass(frozen=True, slots=True)
class Rows:
    """A list made of a list of the answer: each item of ``source`` fills the texts of ``each``."""

    source: str
    each: Mapping[str, str]
    limit: int


@dataclass(frozen=True, slots=True)
class Declaration:
    """``fields`` maps names of the result to places of the answer; without it and ``rows`` the answer is the result.

    ``empty_on`` are statuses that mean "there is none": the result is then nothing. ``errors`` says what other statuses
    mean, where that is not what they usually do.
    """

    operation: Operation
    method: Method
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: JSON = None
    fields: Mapping[str, str] | None = None
    rows: Rows | None = None
    success: Success = field(default_factory=Success)
    empty_on: frozenset[int] = frozenset()
    errors: Mapping[int, FailureKind] = field(default_factory=dict)
