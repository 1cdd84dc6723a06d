"""No person and no secret in the log, whoever writes the line."""

from __future__ import annotations

import io
import logging
import logging.config
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from platform_admin.config.log_masking import MaskingFormatter, masked
from platform_admin.tenants.models import Tenant, User
from tests.platform_admin.business import FLOW
from tests.platform_admin.sight.seeded import seed

LINES: list[tuple[str, str]] = [
    ("ana@example.com signed in", "…@example.com signed in"),
    ("to=<ana.garcia+x@mail.example.co.uk>", "to=<…@mail.example.co.uk>"),
    ("from 34600111222", "from …22"),
    ("from +34 600 111 222.", "from …22."),
    ("tel (600) 111-222-333", "tel …33"),
    ("Authorization: Bearer abcdef123456", "Authorization: [hidden]"),
    ("token fdrt_abcdefghijkl", "token [hidden]"),
    ("postgres://desk:secret@db.example.com/x", "postgres://[hidden]@db.example.com/x"),
    ("EAAabcdefghijklmnopqrstuv was refused", "[hidden] was refused"),
    ("gAAAAABlaaaaaaaaaaaaaaaaaaaaaaaaaa==", "[hidden]"),
    # what stays
    ("2026-11-29 23:50:26,123 INFO django 200 in 12 ms", "2026-11-29 23:50:26,123 INFO django 200 in 12 ms"),
    ("contact c-5f1c0a9be2d4-41", "contact c-5f1c0a9be2d4-41"),
    ("row 12345678 of 99", "row 12345678 of 99"),
    ("127.0.0.1:8001", "127.0.0.1:8001"),
]


@pytest.mark.parametrize(("line", "expected"), LINES, ids=[row[0][:24] for row in LINES])
def test_a_line_is_masked(line: str, expected: str) -> None:
    assert masked(line) == expected


@given(st.text(alphabet="ab @.+-()0123456789:/", max_size=60))
def test_masking_twice_is_masking_once(text: str) -> None:
    assert masked(masked(text)) == masked(text)


def test_every_handler_masks() -> None:
    formatters = {handler["formatter"] for handler in settings.LOGGING["handlers"].values()}
    assert formatters == {"line"}
    assert settings.LOGGING["formatters"]["line"]["()"].endswith(MaskingFormatter.__name__)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged, down to DEBUG, as the handlers of this configuration write it."""
    stream, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(stream), root.level
    handler.setFormatter(MaskingFormatter("%(levelname)s %(name)s %(message)s"))
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.setLevel(level)
    root.removeHandler(handler)


CANARIES = ["canary.person@example.com", "34699123456", "sk-canary-9876543210-mask"]


@pytest.mark.django_db
@pytest.mark.filterwarnings("ignore:Overriding get_action_choices")
def test_pages_and_commands_with_people_in_them_leave_nobody_in_the_log(
    luna: Tenant, operator: User, log: io.StringIO, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    email, phone, secret = CANARIES
    seed(luna, mark=f"{email} {phone}")
    client = Client(raise_request_exception=False)
    client.post("/sign-in/", {"username": email, "password": secret})
    client.force_login(operator)
    for url in (
        f"/admin/sight/luna/conversations/?q={phone}", f"/admin/sight/luna/trail/?who={email}",
        f"/nowhere/{email}", "/admin/sight/luna/conversations/", "/admin/",
    ):  # fmt: skip
        client.get(url)
    monkeypatch.setattr("sys.stdin", io.StringIO(secret))
    (tmp_path / "flow.yaml").write_text(FLOW)
    for command in (
        ["set_credential", "luna", "connectors.llm.api_key"], ["erase_contact", "luna", phone],
        ["import_flow", "luna", str(tmp_path / "flow.yaml")], ["run_worker", "--once"], ["doctor", "--offline"],
    ):  # fmt: skip
        try:
            call_command(*command, stdout=StringIO(), stderr=StringIO())
        except CommandError:
            continue
    try:
        raise ValueError(f"{email} {phone} Bearer {secret}")
    except ValueError:
        logging.getLogger("a library").exception("with %s", email)
    lines = log.getvalue()
    assert "a library" in lines
    assert "Traceback" in lines
    assert [canary for canary in CANARIES if canary in lines] == []
