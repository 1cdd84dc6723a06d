"""``ProbeResult``: whether a connector would work as it is set up, and what to do when it would not.

A probe is asked by people while they set something up: it reads, changes nothing, costs nothing and ends
within seconds. It speaks in plain words; ``detail`` is for logs.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from connectors.words import Words


class ProbeStatus(StrEnum):
    """What a probe found."""

    WORKS = "works"
    """the other side was asked and answered as it should"""
    FAULTY = "faulty"
    """it will not work until somebody changes something"""
    UNREACHABLE = "unreachable"
    """nobody answered; the settings may be right"""
    UNCHECKED = "unchecked"
    """there is nobody to ask"""


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """``finding`` says what is so, ``remedy`` what to do about it (``None`` where nothing is to be done).

    ``option`` is the key of the block that is to be changed, empty when it is none in particular.
    """

    status: ProbeStatus
    finding: Words
    remedy: Words | None = None
    option: str = ""
    detail: str = ""

    @property
    def ok(self) -> bool:
        return self.status in (ProbeStatus.WORKS, ProbeStatus.UNCHECKED)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of what the other side has for us: ``value`` goes into the option ``option`` of the block."""

    option: str
    value: str
    title: str


def works(finding: Words) -> ProbeResult:
    """It was asked and does."""
    return ProbeResult(ProbeStatus.WORKS, finding)


def faulty(finding: Words, remedy: Words, *, option: str = "", detail: str = "") -> ProbeResult:
    """It will not work before ``remedy`` is done."""
    return ProbeResult(ProbeStatus.FAULTY, finding, remedy, option, detail)


def unreachable(finding: Words, remedy: Words, *, detail: str = "") -> ProbeResult:
    """Nobody answered."""
    return ProbeResult(ProbeStatus.UNREACHABLE, finding, remedy, detail=detail)


def unchecked(finding: Words) -> ProbeResult:
    """There is nothing outside this process that could be asked."""
    return ProbeResult(ProbeStatus.UNCHECKED, finding)
