"""What stands around every view answers alike whether it is called or awaited, and asks for no thread in between."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Final

import pytest
from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import RequestFactory

from platform_admin.config.awaitable_middleware import AwaitableMiddleware
from platform_admin.config.page_methods import PageMethodsMiddleware
from platform_admin.config.response_headers import NOT_KEPT, ResponseHeadersMiddleware
from platform_admin.config.static_files import StaticFilesMiddleware

pytestmark = pytest.mark.django_db  # an answer that is closed looks after the connections

VIEW: Final = "the view was asked"

CASES: Final = (
    pytest.param(PageMethodsMiddleware, "GET", "/admin/", HTTPStatus.OK, None, id="a page is asked for"),
    pytest.param(PageMethodsMiddleware, "PUT", "/admin/", HTTPStatus.METHOD_NOT_ALLOWED, None, id="a page is not put"),
    pytest.param(PageMethodsMiddleware, "PUT", "/api/x", HTTPStatus.OK, None, id="the API judges its own methods"),
    pytest.param(ResponseHeadersMiddleware, "GET", "/admin/", HTTPStatus.OK, NOT_KEPT, id="a page is not kept"),
    pytest.param(StaticFilesMiddleware, "GET", "/admin/", HTTPStatus.OK, None, id="a page is no file"),
    pytest.param(
        StaticFilesMiddleware, "GET", "/static/config/favicon.svg", HTTPStatus.OK, "max-age=60, public", id="a file"
    ),
)


def view(_: HttpRequest) -> HttpResponseBase:
    return HttpResponse(headers={VIEW: "yes"})


async def awaitable_view(request: HttpRequest) -> HttpResponseBase:
    return view(request)


@pytest.mark.parametrize(("middleware", "method", "path", "status", "kept"), CASES)
def test_called_and_awaited_are_answered_alike(
    middleware: type[AwaitableMiddleware], method: str, path: str, status: HTTPStatus, kept: str | None
) -> None:
    called, awaited = middleware(view), middleware(awaitable_view)
    assert (iscoroutinefunction(called), iscoroutinefunction(awaited)) == (False, True)
    request = RequestFactory().generic(method, path)
    at_once = called(request)
    assert isinstance(at_once, HttpResponseBase)
    later = awaited(request)
    assert asyncio.iscoroutine(later)
    answers = [at_once, asyncio.run(later)]
    for answer in answers:
        assert (answer.status_code, answer.headers.get("Cache-Control")) == (status, kept)
        assert (VIEW in answer.headers) == (status == HTTPStatus.OK and "favicon" not in path)
        answer.close()
