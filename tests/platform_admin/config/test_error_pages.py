"""The pages that are shown when nothing else can be: in both languages, in our look, and in JSON for programs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path
from django.utils import translation

from platform_admin.config import error_pages
from platform_admin.config.body_limit import LARGER, MAX_BODY_BYTES, BodyLimit, limit_of
from platform_admin.config.error_pages import too_many_requests
from platform_admin.config.urls import handler400, handler403, handler404, handler500
from platform_admin.config.urls import urlpatterns as ours
from platform_admin.observability.report_reading import MAX_REPORT_BYTES
from platform_admin.releases.archive.limits import MAX_ARCHIVE_BYTES
from platform_admin.runtime_api.raw_body import MAX_EXPORT_BYTES
from platform_admin.whatsapp.webhook import MAX_BODY_BYTES as MAX_WEBHOOK_BYTES

__all__ = ["handler400", "handler403", "handler404", "handler500"]  # this module stands in for the addresses


def _raising(error: Exception) -> Any:
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


def _throttled(request: HttpRequest) -> HttpResponse:
    return too_many_requests(request, retry_after_s=90)


urlpatterns = [
    path("provoke/400", _raising(SuspiciousOperation("secret detail"))),
    path("provoke/403", _raising(PermissionDenied("secret detail"))),
    path("provoke/413", _raising(RequestDataTooBig("secret detail"))),
    path("provoke/429", _throttled),
    path("provoke/500", _raising(RuntimeError("secret detail"))),
    path("api/provoke/400", _raising(SuspiciousOperation("secret detail"))),
    path("api/provoke/403", _raising(PermissionDenied("secret detail"))),
    path("api/provoke/413", _raising(RequestDataTooBig("secret detail"))),
    path("api/provoke/500", _raising(RuntimeError("secret detail"))),
    *ours,
]

PAGES = [
    (400, "en", "This request could not be understood"),
    (400, "es", "No se ha entendido esta petición"),
    (403, "en", "This is not yours to open"),
    (403, "es", "No puedes abrir esto"),
    (404, "en", "There is nothing here"),
    (404, "es", "Aquí no hay nada"),
    (413, "en", "This is too large"),
    (413, "es", "Esto es demasiado grande"),
    (429, "en", "Too many tries"),
    (429, "es", "Demasiados intentos"),
    (500, "en", "Something went wrong on our side"),
    (500, "es", "Algo ha fallado por nuestra parte"),
]


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize(("status", "language", "title"), PAGES)
def test_a_page_in_each_language_that_asks_no_database(status: int, language: str, title: str, client: Client) -> None:
    """Without the mark for the database: a single query would fail this test."""
    answer = client.get(f"/provoke/{status}", headers={"Accept-Language": language})
    page = answer.content.decode()
    assert answer.status_code == status
    assert f"<h1>{title}</h1>" in page
    assert f'<html lang="{language}">' in page
    assert "config/error.css" in page
    assert "secret detail" not in page
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize(
    ("status", "code"), [(400, "bad_request"), (403, "forbidden"), (404, "not_found"), (413, "too_large"),
                         (500, "internal")],
)  # fmt: skip
def test_programs_get_a_word_instead_of_a_page(status: int, code: str, client: Client) -> None:
    answer = client.get(f"/api/provoke/{status}")
    assert (answer.status_code, answer.json()) == (status, {"error": code})


@override_settings(ROOT_URLCONF=__name__)
def test_too_many_tries_say_when_to_come_back(client: Client) -> None:
    assert client.get("/provoke/429").headers["Retry-After"] == "90"


@pytest.mark.parametrize(
    ("language", "title"), [("en", "This form is too old"), ("es", "Este formulario es demasiado viejo")]
)
def test_a_form_without_its_token_gets_our_page(language: str, title: str, db: None) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/admin/login/", {"username": "x"}, headers={"Accept-Language": language})
    assert answer.status_code == 403
    assert f"<h1>{title}</h1>" in answer.content.decode()


def test_a_host_that_is_not_ours_gets_our_page_and_the_policy(client: Client) -> None:
    answer = client.get("/health", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert answer.json() == {"error": "bad_request"}
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_the_page_for_our_own_faults_needs_no_request_context() -> None:
    with translation.override("es"):
        answer = error_pages.server_error(RequestFactory().get("/x"))
    assert answer.status_code == 500
    assert "Algo ha fallado" in answer.content.decode()
    assert connection.connection is None or not connection.in_atomic_block


# The limit at the edge, spoken to as a server would speak to it.


class _App:
    """Reads the whole body, as Django does before any view runs, and says how much came."""

    def __init__(self) -> None:
        self.read = 0
        self.asked = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked += 1
        more = True
        while more:
            message = await receive()
            self.read += len(message.get("body", b""))
            more = message.get("more_body", False)
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def exchange(
    address: str, chunks: list[bytes], *, announced: int | None, language: str = "en"
) -> tuple[_App, int, bytes, int]:
    """The application, the status, the body of the answer, and how many chunks were taken from the wire."""
    app, sent, taken = _App(), [], 0

    async def receive() -> dict[str, Any]:
        nonlocal taken
        taken += 1
        return {"type": "http.request", "body": chunks[taken - 1], "more_body": taken < len(chunks)}

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(dict(message))

    headers = [(b"accept-language", language.encode())]
    if announced is not None:
        headers.append((b"content-length", str(announced).encode()))
    scope = {"type": "http", "path": address, "headers": headers, "method": "POST"}
    asyncio.run(BodyLimit(app)(scope, receive, send))
    return app, sent[0]["status"], b"".join(message.get("body", b"") for message in sent), taken


CHUNK = b"x" * 64 * 1024


def test_a_length_that_is_too_long_is_refused_unread() -> None:
    app, status, body, taken = exchange("/admin/login/", [CHUNK], announced=MAX_BODY_BYTES + 1)
    assert (status, app.asked, taken) == (413, 0, 0)
    assert b"This is too large" in body


def test_a_body_without_a_length_is_read_up_to_the_limit_and_no_further() -> None:
    endless = [CHUNK] * 10_000
    app, status, body, taken = exchange("/admin/login/", endless, announced=None, language="es-ES,es")
    assert status == 413
    assert app.read <= MAX_BODY_BYTES
    assert taken == MAX_BODY_BYTES // len(CHUNK) + 1
    assert "Esto es demasiado grande" in body.decode()


def test_a_length_that_lies_is_counted() -> None:
    _, status, _, _ = exchange("/admin/login/", [CHUNK] * 100, announced=10)
    assert status == 413


def test_programs_are_refused_in_json() -> None:
    _, status, body, _ = exchange("/api/runtime/v1/tenants/luna/bundle", [CHUNK], announced=10**12)
    assert (status, json.loads(body)) == (413, {"error": "too_large"})


def test_what_fits_is_passed_on_whole() -> None:
    app, status, _, _ = exchange("/admin/login/", [CHUNK] * 4, announced=4 * len(CHUNK))
    assert (status, app.read) == (204, 4 * len(CHUNK))


def test_addresses_that_take_more_take_what_their_views_take() -> None:
    """One number each, in two places because the edge knows no app: they may not drift apart."""
    assert limit_of("/webhooks/whatsapp") == MAX_WEBHOOK_BYTES
    assert limit_of("/api/runtime/v1/tenants/luna/exports/6f1c") >= MAX_EXPORT_BYTES
    assert limit_of("/api/runtime/v1/tenants/luna/report") >= MAX_REPORT_BYTES
    assert limit_of("/webhooks/whatsapp/more") == MAX_BODY_BYTES
    for verb in ("look", "restore"):  # with room for the form around the file
        assert limit_of(f"/admin/authoring/luna/copy/{verb}") == MAX_ARCHIVE_BYTES + 64 * 1024
    assert len(LARGER) == 4
