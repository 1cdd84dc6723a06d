"""The XML of WebDAV, CalDAV (RFC 4791) and collection synchronisation (RFC 6578), as far as we speak it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit
from xml.sax.saxutils import escape

from connectors.calendar.caldav.client import SERVER
from connectors.errors import UnavailableError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_DAV = "{DAV:}"
_CALDAV = "{urn:ietf:params:xml:ns:caldav}"
MAY_WRITE = frozenset({"all", "write", "write-content"})
"""Privileges (RFC 3744), one of which is enough."""
_SPACES = 'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"'


@dataclass(frozen=True, slots=True)
class Resource:
    """One member of a calendar. ``text`` is empty where it was not asked for, ``gone`` where it was removed."""

    name: str
    version: str
    text: str
    gone: bool


def query_body(start: datetime, end: datetime) -> str:
    """A ``calendar-query`` for everything that overlaps this stretch."""
    span = f'<c:time-range start="{stamp(start)}" end="{stamp(end)}"/>'
    events = f'<c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">{span}</c:comp-filter></c:comp-filter>'
    wanted = "<d:prop><d:getetag/><c:calendar-data/></d:prop>"
    return f"<c:calendar-query {_SPACES}>{wanted}<c:filter>{events}</c:filter></c:calendar-query>"


def sync_body(token: str) -> str:
    """A ``sync-collection``; an empty token asks for everything."""
    told = f"<d:sync-token>{escape(token)}</d:sync-token><d:sync-level>1</d:sync-level>"
    return f"<d:sync-collection {_SPACES}>{told}<d:prop><d:getetag/></d:prop></d:sync-collection>"


def multiget_body(paths: Iterable[str]) -> str:
    """A ``calendar-multiget`` of these paths, as the server wrote them."""
    named = "".join(f"<d:href>{escape(path)}</d:href>" for path in paths)
    wanted = "<d:prop><d:getetag/><c:calendar-data/></d:prop>"
    return f"<c:calendar-multiget {_SPACES}>{wanted}{named}</c:calendar-multiget>"


def privileges_body() -> str:
    """What the user may do with a calendar (RFC 3744), and what kind of thing it is."""
    return f"<d:propfind {_SPACES}><d:prop><d:resourcetype/><d:current-user-privilege-set/></d:prop></d:propfind>"


def principal_body() -> str:
    """Who we are to the server (RFC 5397)."""
    return f"<d:propfind {_SPACES}><d:prop><d:current-user-principal/></d:prop></d:propfind>"


def home_body() -> str:
    """Where a user's calendars lie (RFC 4791 section 6.2.1)."""
    return f"<d:propfind {_SPACES}><d:prop><c:calendar-home-set/></d:prop></d:propfind>"


def collections_body() -> str:
    """What is in a home: of which kind, how it is called, and what we may do with it."""
    wanted = "<d:resourcetype/><d:displayname/><d:current-user-privilege-set/><c:supported-calendar-component-set/>"
    return f"<d:propfind {_SPACES}><d:prop>{wanted}</d:prop></d:propfind>"


def stamp(moment: datetime) -> str:
    """``20261128T090000Z``."""
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


@dataclass(frozen=True, slots=True)
class Multistatus:
    """``paths`` are the members' own addresses by file name; ``token`` is that of a synchronisation."""

    resources: tuple[Resource, ...]
    paths: dict[str, str]
    token: str
    tags: frozenset[str]
    """Every tag that occurs, without its namespace: for what is there or is not."""


def read_multistatus(text: bytes) -> Multistatus:
    """Raises ``UnavailableError`` for what is none. Entities and document types are refused (defusedxml)."""
    root = _root(text)
    resources: list[Resource] = []
    paths: dict[str, str] = {}
    for response in root.iter(f"{_DAV}response"):
        path = (response.findtext(f"{_DAV}href") or "").strip()
        name = unquote(urlsplit(path).path.rstrip("/").rpartition("/")[2])
        if not name.endswith(".ics"):
            continue  # the calendar itself, or what other programs keep beside
        own_status = response.findtext(f"{_DAV}status") or ""
        version = response.findtext(f".//{_DAV}getetag") or ""
        data = response.findtext(f".//{_CALDAV}calendar-data") or ""
        name = name.removesuffix(".ics")
        resources.append(Resource(name, version.strip(), data, " 404" in own_status))
        paths[name] = path
    token = (root.findtext(f"{_DAV}sync-token") or "").strip()
    return Multistatus(tuple(resources), paths, token, frozenset(_tags(root.iter())))


def _root(text: bytes) -> Element:
    # Only a tenant with such a calendar pays for it.
    from defusedxml.ElementTree import fromstring  # noqa: PLC0415 - see above

    try:
        root: Element = fromstring(text)
    except (SyntaxError, ValueError, RecursionError) as error:
        raise UnavailableError(f"{SERVER}: the answer is not the XML of WebDAV") from error
    if root.tag != f"{_DAV}multistatus":
        raise UnavailableError(f"{SERVER}: the answer is not the XML of WebDAV")
    return root


def read_href(text: bytes, prop: str) -> str:
    """The address inside the property of this name; empty where the server tells none."""
    for element in _root(text).iter():
        # A comment's tag is a function.
        if str(element.tag).rpartition("}")[2] == prop:
            return (element.findtext(f"{_DAV}href") or "").strip()
    return ""


@dataclass(frozen=True, slots=True)
class Collection:
    """A calendar that may be written. ``path`` as the server wrote it; ``title`` may be empty."""

    path: str
    title: str


def read_collections(text: bytes) -> list[Collection]:
    """The calendars of a home for appointments that we may write, in the order of the server."""
    found = []
    for response in _root(text).iter(f"{_DAV}response"):
        tags = frozenset(_tags(response.iter()))
        kinds = {item.get("name") for item in response.iter(f"{_CALDAV}comp")}
        writable = "privilege" not in tags or bool(tags & MAY_WRITE)
        if response.find(f".//{_DAV}resourcetype/{_CALDAV}calendar") is None or not writable:
            continue
        if kinds and "VEVENT" not in kinds:
            continue  # a list of things to do
        title = (response.findtext(f".//{_DAV}displayname") or "").strip()
        found.append(Collection((response.findtext(f"{_DAV}href") or "").strip(), title))
    return found


def _tags(elements: Iterable[object]) -> Iterator[str]:
    for element in elements:
        tag = getattr(element, "tag", "")
        if isinstance(tag, str):
            yield tag.rpartition("}")[2]
