"""The fake calendar refuses what the API knows nothing of."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.google_calendar.discovery import DiscoveryError, check_answer, check_request, document, method

_EVENT: dict[str, Any] = {
    "id": "abc12",
    "start": {"dateTime": "2026-11-28T10:00:00+01:00"},
    "end": {"dateTime": "2026-11-28T11:00:00+01:00"},
}

_WRONG: dict[str, tuple[str, str, dict[str, str], Any, str]] = {
    "a parameter there is none": ("events.list", "GET", {"timezone": "UTC"}, None, "no parameter timezone"),
    "a parameter of the path": ("events.list", "GET", {"calendarId": "x"}, None, "no parameter calendarId"),
    "too few a page": ("events.list", "GET", {"maxResults": "0"}, None, "from 1 to"),
    "no truth": ("events.list", "GET", {"singleEvents": "yes"}, None, "true or false"),
    "a choice there is none": ("events.insert", "POST", {"sendUpdates": "some"}, _EVENT, "one of"),
    "another verb": ("events.insert", "GET", {}, None, "is a POST"),
    "a field there is none": ("events.insert", "POST", {}, _EVENT | {"title": "x"}, "no field title"),
    "a field of another kind": ("events.insert", "POST", {}, _EVENT | {"summary": 3}, "of type string"),
    "a property that is no text": (
        "events.insert",
        "POST",
        {},
        _EVENT | {"extendedProperties": {"private": {"a": 1}}},
        "of type string",
    ),
    "a field mask with a word there is none": (
        "events.list",
        "GET",
        {"fields": "items(id,version)"},
        None,
        "no field version",
    ),
}


@pytest.mark.parametrize(("name", "verb", "query", "body", "words"), _WRONG.values(), ids=_WRONG.keys())
def test_it_refuses(name: str, verb: str, query: dict[str, str], body: Any, words: str) -> None:
    with pytest.raises(DiscoveryError, match=words):
        check_request(name, verb, query, body)


def test_it_lets_through_what_the_api_knows() -> None:
    fields = "nextPageToken,items(id,start,extendedProperties/private)"
    check_request("events.list", "GET", {"singleEvents": "true", "maxResults": "250", "fields": fields}, None)
    check_request("events.insert", "POST", {"sendUpdates": "none", "quotaUser": "x"}, _EVENT)
    check_answer("events.insert", _EVENT | {"etag": '"1"'})


def test_an_answer_is_checked_too() -> None:
    with pytest.raises(DiscoveryError, match="no field version"):
        check_answer("events.insert", _EVENT | {"version": "1"})


def test_the_document_is_that_of_the_api_we_call() -> None:
    assert document()["version"] == "v3"
    assert document()["servicePath"] == "calendar/v3/"
    assert method("freebusy.query")["path"] == "freeBusy"
