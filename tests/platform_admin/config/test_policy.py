"""What every answer says beside its content, and what becomes of a report that a browser sends."""

from __future__ import annotations

import json
import logging
import re

import pytest
from django.test import Client

from platform_admin.config.csp_report import MAX_REPORT_BYTES, MOST_A_MINUTE
from platform_admin.tenants.models import Tenant

pytestmark = [
    pytest.mark.django_db,
    # django-unfold overrides a method whose signature Django 6.1 widened; theirs to change.
    pytest.mark.filterwarnings("ignore:Overriding get_action_choices"),
]

PAGES = (
    "/", "/health", "/robots.txt", "/favicon.ico", "/nowhere", "/admin/login/", "/admin/", "/admin/tenants/tenant/",
    "/admin/sight/luna/", "/admin/authoring/luna/conversation/", "/admin/connect/luna/", "/metrics",
    "/api/runtime/v1/tenants/luna/bundle", "/static/config/favicon.svg",
)  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_every_answer_has_the_policy_and_the_headers(page: str, as_operator: Client, luna: Tenant) -> None:
    answer = as_operator.get(page)
    policy = answer.headers["Content-Security-Policy"]
    directives = dict(line.strip().split(" ", 1) for line in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == "'self'"
    assert directives["frame-ancestors"] == "'self'"
    assert directives["report-uri"] == "/csp-report"
    assert "unsafe" not in policy
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Cache-Control" in answer.headers
    answer.close()


@pytest.mark.parametrize("page", [page for page in PAGES if page.startswith("/admin/")])
def test_no_page_has_code_or_style_in_its_markup(page: str, as_operator: Client, luna: Tenant) -> None:
    markup = as_operator.get(page).content.decode()
    assert re.findall(r"<[^>]+ on[a-z]+=", markup) == []
    assert re.findall(r"<[^>]+ style=", markup) == []
    assert re.findall(r"javascript:", markup) == []
    scripts = re.findall(r"<script(?![^>]*(?:src=|application/json))[^>]*>", markup)
    assert scripts == []
    assert [style for style in re.findall(r"<style[^>]*>", markup) if "nonce=" not in style] == []


REPORT = {
    "csp-report": {
        "document-uri": "https://desk.example.org/admin/?token=secret",
        "effective-directive": "script-src-elem",
        "blocked-uri": "https://evil.example/x.js?who=me",
    }
}


def send(client: Client, body: bytes) -> int:
    return client.post("/csp-report", body, content_type="application/csp-report").status_code


def test_a_report_is_a_line_without_queries(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "frontdesk.csp"):
        assert send(client, json.dumps(REPORT).encode()) == 204
    assert caplog.messages == [
        "a page broke the policy: script-src-elem wanted https://evil.example/x.js on https://desk.example.org/admin/"
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"csp-report"',
        b'{"csp-report": 1}',
        b"\xff\xfe",
        b"[" * 9_999,
        b"x" * (MAX_REPORT_BYTES + 1),
    ],
    ids=["empty", "cut off", "a list", "a word", "a number", "no text", "deep", "too long"],
)
def test_what_is_no_report_is_dropped(body: bytes, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    assert send(client, body) == 204
    assert caplog.messages == []


def test_a_line_break_in_a_report_makes_no_line_of_the_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    forged = {"csp-report": {"effective-directive": "x\nERROR root forged", "document-uri": "http://[broken"}}
    send(client, json.dumps(forged).encode())
    assert caplog.messages == ["a page broke the policy: x?ERROR root forged wanted - on -"]


def test_a_flood_of_reports_fills_no_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    statuses = {send(client, json.dumps(REPORT).encode()) for _ in range(MOST_A_MINUTE + 5)}
    assert statuses == {204}
    assert len(caplog.messages) == MOST_A_MINUTE


def test_the_page_for_robots_forbids_all(client: Client) -> None:
    assert client.get("/robots.txt").content == b"User-agent: *\nDisallow: /\n"
