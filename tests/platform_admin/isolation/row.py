"""What one line of the matrix says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.platform_admin.isolation.objects import Objects
    from tests.platform_admin.isolation.scenes import Given


class Who(StrEnum):
    """Who asks. Each member does what the ones before it do; the operator and the runtime stand apart."""

    ANONYMOUS = "anonymous"
    VIEWER = "viewer"
    EDITOR = "editor"
    PUBLISHER = "publisher"
    OWNER = "owner"
    OPERATOR = "operator"
    RUNTIME = "runtime"


MEMBERS = (Who.VIEWER, Who.EDITOR, Who.PUBLISHER, Who.OWNER)
SIGNED_IN = (*MEMBERS, Who.OPERATOR)
EVERYBODY = tuple(Who)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One address and method, and what each role gets there.

    ``route`` is the name of the address (``namespace:name``), or its pattern where it has none; ``*`` stands for any
    run of letters. ``least`` is who may: the smallest role, ``Who.ANONYMOUS`` for everybody, ``Who.RUNTIME`` for a
    bearer token of the tenant. Who may gets ``answers``; a member below gets ``refuses``, and nothing has changed.
    ``changes`` names every table that the request writes (``app_label.model``), exactly; rows that belong to a tenant
    may be its own only. ``with_`` fills parameters of the address that the world does not know; ``from_`` says which of
    ``Objects`` fills one that is named otherwise. ``sends`` is a form
    (a ``dict``), JSON (``as_json``) or bytes, made of the objects of the tenant that is asked about. ``given`` sets the
    scene that a success needs (``scenes.py``). ``asked_by`` are those whom the row is about, where an address answers
    another way who is signed in. ``reason`` says why a row is odd.
    """

    route: str
    method: str = "GET"
    least: Who
    answers: int = 200
    refuses: int = 403
    changes: tuple[str, ...] = ()
    with_: Mapping[str, str] = field(default_factory=dict)
    from_: Mapping[str, str] = field(default_factory=dict)
    query: Callable[[Objects], Mapping[str, str]] | None = None
    sends: Callable[[Objects], Mapping[str, Any] | bytes] | None = None
    as_json: bool = False
    headers: Callable[[bytes], Mapping[str, str]] | None = None
    given: Given | None = None
    asked_by: tuple[Who, ...] = EVERYBODY
    reason: str = ""

    @property
    def title(self) -> str:
        more = "".join(f" {key}={value}" for key, value in self.with_.items())
        given = f" given {getattr(self.given, '__name__', '')}" if self.given else ""
        return f"{self.method} {self.route}{more}{given}"

    def admits(self, who: Who) -> bool:
        match self.least:
            case Who.ANONYMOUS:
                return True
            case Who.RUNTIME:
                return who is Who.RUNTIME
            case Who.OPERATOR:
                return who is Who.OPERATOR
            case _:
                return who is Who.OPERATOR or (who in MEMBERS and MEMBERS.index(who) >= MEMBERS.index(self.least))
