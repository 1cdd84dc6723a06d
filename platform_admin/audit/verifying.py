"""Proving the audit trail: every entry unaltered and in its place, none missing, the end where it was signed.

What is found wrong names the entry. What cannot be told apart from a later state of the same database, because nobody
signed anything in between, is said in ``docs/operations.md``.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from platform_admin.audit.checkpoints import Checkpoint, anchors, own_file
from platform_admin.errors import ControlPlaneError
from platform_admin.tenants.audit_digest import PLATFORM, entry_digest, genesis, private_digest
from platform_admin.tenants.models import AuditChain, AuditEntry

ERASING_VERBS: Final = frozenset({"erased contact", "forgot personal parts", "deleted tenant"})
"""Entries that say which earlier ones lost their personal part: ``details.entries``, ranges of numbers."""

_AT_ONCE: Final = 1_000
_MOST_NAMED: Final = 5


class Fault(StrEnum):
    """What can be wrong with one entry."""

    UNLINKED = "unlinked"
    """it has no number: put in beside the trail, or by a process of an older version"""
    INSERTED = "inserted"
    """a second one of the same number"""
    REMOVED = "removed"
    """its number is missing"""
    CHANGED = "changed"
    """what it says, or its place, is not what its digest goes over"""
    MOVED = "moved"
    """it is unaltered and does not follow the one before it"""
    PERSONAL_PART = "personal_part"
    """its personal part is not what was written, or is gone without an entry that says so"""
    CUT_OFF = "cut_off"
    """the trail went on after this number"""
    OTHER_HISTORY = "other_history"
    """a signed checkpoint names another digest for this number"""


@dataclass(frozen=True, slots=True)
class Problem:
    """``number`` is the place in the chain, ``entry`` the row's key where there is one."""

    chain: str
    number: int | None
    entry: int | None
    fault: Fault

    def __str__(self) -> str:
        where = "without a number" if self.number is None else f"{self.number}"
        row = "" if self.entry is None else f" (row {self.entry})"
        return f"{self.chain}: entry {where}{row}: {self.fault.replace('_', ' ')}"


class TrailBrokenError(ControlPlaneError):
    """The audit trail is not as it was written."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problems: {'; '.join(map(str, problems[:_MOST_NAMED]))}")


@dataclass(slots=True)
class Proof:
    """What came of one chain. ``anchored`` is the highest number a trusted checkpoint vouches for."""

    chain: str
    entries: int = 0
    erased: int = 0
    anchored: int | None = None
    problems: list[Problem] = field(default_factory=list)

    def add(self, number: int | None, entry: int | None, fault: Fault) -> None:
        self.problems.append(Problem(self.chain, number, entry, fault))


def chains() -> list[str]:
    """The name of every chain that has anything, the platform's first."""
    heads = set(AuditChain.objects.values_list("name", flat=True))
    named = set(AuditEntry.objects.order_by().values_list("chain", flat=True).distinct())
    unlinked = AuditEntry.objects.filter(number=None).order_by().values_list("tenant__slug", flat=True).distinct()
    return sorted((heads | named | {slug or PLATFORM for slug in unlinked}) - {""})


def verify(chain: str, checkpoints: Iterable[Checkpoint] = ()) -> Proof:
    """Go over the whole chain. ``checkpoints`` are those whose signature holds."""
    proof = Proof(chain)
    for pk in AuditEntry.objects.filter(number=None, **_of(chain)).order_by("pk").values_list("pk", flat=True):
        proof.add(None, pk, Fault.UNLINKED)
    digests = _walk(chain, proof)
    last = max(digests, default=0)
    head = AuditChain.objects.filter(name=chain).first()
    if head is not None and head.number > last:
        proof.add(last + 1, None, Fault.CUT_OFF)
    elif head is None or head.number < last or head.digest != digests.get(head.number, genesis(chain)):
        proof.add(None if head is None else head.number, None, Fault.OTHER_HISTORY)
    for checkpoint in checkpoints:
        if checkpoint.chain == chain:
            _compare(checkpoint, digests, last, proof)
    return proof


def verify_all() -> str:
    """The worker's look at every chain. Raises ``TrailBrokenError`` with the first entries that are not right."""
    trusted = anchors(own_file()).trusted
    proofs = [verify(chain, trusted) for chain in chains()]
    if problems := [problem for proof in proofs for problem in proof.problems]:
        raise TrailBrokenError(problems)
    return f"{len(proofs)} chains hold, {sum(proof.entries for proof in proofs)} entries"


def _compare(checkpoint: Checkpoint, digests: dict[int, str], last: int, proof: Proof) -> None:
    if checkpoint.number > last:
        known = any(problem.fault is Fault.CUT_OFF and problem.number == last + 1 for problem in proof.problems)
        if not known:
            proof.add(last + 1, None, Fault.CUT_OFF)
    elif digests.get(checkpoint.number) != checkpoint.digest:
        proof.add(checkpoint.number, None, Fault.OTHER_HISTORY)
    else:
        proof.anchored = max(proof.anchored or 0, checkpoint.number)


def _walk(chain: str, proof: Proof) -> dict[int, str]:
    """Number → digest of every entry there is."""
    digests: dict[int, str] = {}
    without: dict[int, int] = {}
    told: set[int] = set()
    expected, previous = 1, genesis(chain)
    for entry in _entries(chain):
        number = entry.number or 0
        proof.entries += 1
        if number in digests:
            proof.add(number, entry.pk, Fault.INSERTED)
            continue
        for missing in range(expected, number):
            proof.add(missing, None, Fault.REMOVED)
        if entry_digest(entry) != entry.digest:
            proof.add(number, entry.pk, Fault.CHANGED)
        elif number == expected and entry.previous != previous:
            proof.add(number, entry.pk, Fault.MOVED)
        _look_at_personal_part(entry, proof, without)
        told |= set(_says_erased(entry))
        digests[number], expected, previous = entry.digest, number + 1, entry.digest
    for number, pk in without.items():
        if number not in told:
            proof.add(number, pk, Fault.PERSONAL_PART)
    return digests


def _look_at_personal_part(entry: AuditEntry, proof: Proof, without: dict[int, int]) -> None:
    if not entry.salt:
        proof.erased += 1
        if entry.contact or entry.before is not None or entry.after is not None or entry.erased_at is None:
            proof.add(entry.number, entry.pk, Fault.PERSONAL_PART)
        else:
            without[entry.number or 0] = entry.pk
        return
    try:
        found = private_digest(entry.salt, contact=entry.contact, before=entry.before, after=entry.after)
    except ValueError:  # the salt is not hexadecimal any more
        found = ""
    if not hmac.compare_digest(found, entry.private_digest):
        proof.add(entry.number, entry.pk, Fault.PERSONAL_PART)


def _says_erased(entry: AuditEntry) -> Iterator[int]:
    ranges = entry.details.get("entries") if isinstance(entry.details, dict) else None
    if entry.verb not in ERASING_VERBS or not isinstance(ranges, list):
        return
    for item in ranges:
        match item:
            case [int(first), int(last)] if first <= last < (entry.number or 0):
                yield from range(first, last + 1)


def _entries(chain: str) -> Iterator[AuditEntry]:
    rows = AuditEntry.objects.filter(chain=chain).exclude(number=None).order_by("number", "pk")
    return rows.iterator(_AT_ONCE)


def _of(chain: str) -> dict[str, object]:
    return {"tenant": None} if chain == PLATFORM else {"tenant__slug": chain}
