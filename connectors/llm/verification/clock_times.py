"""Times of day and spans of them: ``de 10:00 a 14:00``, ``from 9 am to 3 pm``, ``hasta las dos``."""

from __future__ import annotations

import re

from connectors.llm.verification.figures import Atom, Kind

_PART = (
    r"(?: (?P<{0}part>de la manana|de la tarde|de la noche|de la madrugada|del mediodia|in the morning"
    r"|in the afternoon|in the evening|at night))?"
)
_TIME = (
    r"(?P<{0}hour>\d{{1,2}})(?:[:.](?P<{0}minute>[0-5]\d))?(?!\d|[.,:]\d)"
    r"(?:\s?(?P<{0}half>[ap])\.?\s?m\b\.?|\s?(?P<{0}h>h|hs|hrs|horas)\b)?" + _PART
)
_FOLLOWS = r"(?!\s*(?:[%€$£]|[a-z]*\d))"
_AFTERMATH = r"(?=\s*(?:$|[.,;:!?)\n]|y\b|e\b|and\b|de\b|on\b|los\b|el\b|en\b|por\b|horas?\b|h\b))"
"""What may follow a span of bare numbers: not the name of what is counted."""

SPAN = re.compile(
    r"(?P<opener>(?:de|desde|from|entre|between)\s+(?:las? )?)?"
    + _TIME.format("a_")
    + r"\s*(?:-|\ba\b|\bhasta\b|\bto\b|\buntil\b|\btill\b|\by\b|\band\b)\s*(?:las? )?"
    + _TIME.format("b_")
    + _FOLLOWS
)
_ROLES = (
    r"(?P<role>hasta las?|until|till|desde las?|a partir de las?|from|starting at|antes de las?|before"
    r"|despues de las?|after|by|a las?|at)\s+"
)
TOLD = re.compile(_ROLES + _TIME.format("t_") + _FOLLOWS)
BARE = re.compile(_TIME.format("t_") + _FOLLOWS)

_LAST_HOUR = 24
_NOON = 12


def span(found: re.Match[str]) -> list[Atom] | None:
    """``None`` when the two numbers are no times ("de 5 a 10 personas")."""
    first, second = _minutes(found, "a_"), _minutes(found, "b_")
    if first is None or second is None:
        return None
    told = _is_told(found, "a_") or _is_told(found, "b_")
    if not told and (not found["opener"] or not re.match(_AFTERMATH, found.string[found.end() :])):
        return None
    connective = found.string[found.end("a_hour") : found.start("b_hour")]
    if re.search(r"\b(?:y|and)\b", connective) and not re.match(r"entre|between", found["opener"] or ""):
        return None
    return [Atom(Kind.OPEN_SPAN, (first, second))]


def told(found: re.Match[str]) -> list[Atom] | None:
    """A time with the word that says which end it is."""
    role = found["role"]
    minutes = _minutes(found, "t_")
    if minutes is None or (not _is_told(found, "t_") and not re.search(r"\blas?\b|^at$|^by$|^until$|^till$", role)):
        return None
    after = found.string[found.end() :]
    if not _is_told(found, "t_") and not re.match(_AFTERMATH, after):
        return None
    if role.startswith(("hasta", "until", "till", "by")):
        return [Atom(Kind.UNTIL_TIME, minutes)]
    if role.startswith(("desde", "from", "a partir", "starting")):
        return [Atom(Kind.FROM_TIME, minutes)]
    if role.startswith(("antes", "before")):
        return [Atom(Kind.WORD, frozenset({"c:before"})), Atom(Kind.AT_TIME, minutes)]
    if role.startswith(("despues", "after")):
        return [Atom(Kind.WORD, frozenset({"c:after"})), Atom(Kind.AT_TIME, minutes)]
    return [Atom(Kind.AT_TIME, minutes)]


def bare(found: re.Match[str]) -> list[Atom] | None:
    """A time without such a word: it must look like one."""
    minutes = _minutes(found, "t_")
    looks = found["t_minute"] or found["t_half"] or found["t_part"]
    return [Atom(Kind.AT_TIME, minutes)] if minutes is not None and looks else None


def _is_told(found: re.Match[str], name: str) -> bool:
    return any(found[name + part] for part in ("minute", "half", "h", "part"))


def _minutes(found: re.Match[str], name: str) -> frozenset[int] | None:
    """Minutes since midnight; both halves of the day for a bare "5"."""
    hour, minute = int(found[name + "hour"]), int(found[name + "minute"] or 0)
    half, part = found[name + "half"], found[name + "part"] or ""
    if hour > _LAST_HOUR or (half and not 1 <= hour <= _NOON):
        return None
    if half or (part and hour <= _NOON):
        late = half == "p" or part.endswith(("tarde", "noche", "afternoon", "evening", "at night", "mediodia"))
        return frozenset({(hour % _NOON + (_NOON if late else 0)) * 60 + minute})
    exact = hour * 60 + minute
    if found[name + "minute"] or hour > _NOON or hour == 0:
        return frozenset({exact})
    return frozenset({exact, (exact + _NOON * 60) % (_LAST_HOUR * 60)})
