"""What the process learns from its environment, and how it refuses what it cannot use."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.kernel.egress.policy import PUBLIC_ONLY, THIS_MACHINE, read_egress_policy
from runtime.errors import ConfigurationError
from runtime.settings import ControlPlane, DevelopmentFile, Settings


@pytest.fixture
def complete(tmp_path: Path) -> dict[str, str]:
    for name in ("token", "fernet", "keys.json"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    return {
        "CONTROL_PLANE_URL": "https://control.example/",
        "TENANT_ID": "luna",
        "RUNTIME_TOKEN_FILE": str(tmp_path / "token"),
        "TENANT_FERNET_KEYS_FILE": str(tmp_path / "fernet"),
        "BUNDLE_PUBLIC_KEYS_FILE": str(tmp_path / "keys.json"),
        "STATE_DIR": str(tmp_path / "state"),
    }


def problems_of(environment: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(ConfigurationError) as refused:
        Settings.from_environment(environment)
    return refused.value.problems


def test_a_complete_environment_points_at_the_control_plane(complete: dict[str, str], tmp_path: Path) -> None:
    settings = Settings.from_environment({**complete, "HOST": "0.0.0.0", "PORT": "9000", "UNRELATED": "x"})
    assert settings == Settings(
        source=ControlPlane(
            url="https://control.example",
            tenant_id="luna",
            runtime_token_file=tmp_path / "token",
            fernet_keys_file=tmp_path / "fernet",
            public_keys_file=tmp_path / "keys.json",
            state_dir=tmp_path / "state",
        ),
        state_dir=tmp_path / "state",
        host="0.0.0.0",
        port=9000,
    )


def test_every_missing_variable_is_named_at_once() -> None:
    assert problems_of({}) == (
        "CONTROL_PLANE_URL is missing",
        "TENANT_ID is missing",
        "RUNTIME_TOKEN_FILE is missing",
        "TENANT_FERNET_KEYS_FILE is missing",
        "BUNDLE_PUBLIC_KEYS_FILE is missing",
        "STATE_DIR is missing",
    )


def test_a_development_file_needs_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "tenant.yaml"
    file.write_text("", encoding="utf-8")
    settings = Settings.from_environment({"TENANT_CONFIG_PATH": str(file), "CONTROL_PLANE_URL": "nonsense"})
    assert settings == Settings(
        source=DevelopmentFile(file), state_dir=None, host="127.0.0.1", port=8002, egress=THIS_MACHINE
    )


def test_an_empty_variable_counts_as_absent(complete: dict[str, str]) -> None:
    settings = Settings.from_environment({**complete, "TENANT_CONFIG_PATH": "", "PORT": " "})
    assert (settings.port, isinstance(settings.source, ControlPlane)) == (8002, True)


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("CONTROL_PLANE_URL", "ftp://x", "CONTROL_PLANE_URL must be an http or https address"),
        ("CONTROL_PLANE_URL", "https://user:hunter2@x", "CONTROL_PLANE_URL must be an http or https address"),
        ("CONTROL_PLANE_URL", "https://x:0", "CONTROL_PLANE_URL must be an http or https address"),
        ("CONTROL_PLANE_URL", "https://x:abc", "CONTROL_PLANE_URL must be an http or https address"),
        ("CONTROL_PLANE_URL", "https://x/?a=b", "CONTROL_PLANE_URL must be an http or https address"),
        ("TENANT_ID", "../etc", "TENANT_ID must be lower-case letters"),
        ("TENANT_ID", "a%2fb", "TENANT_ID must be lower-case letters"),
        ("TENANT_ID", "a\x00b", "TENANT_ID must be lower-case letters"),
        ("TENANT_ID", "ä", "TENANT_ID must be lower-case letters"),
        ("RUNTIME_TOKEN_FILE", "/nowhere/hunter2", "RUNTIME_TOKEN_FILE names a file that cannot be read"),
        ("RUNTIME_TOKEN_FILE", "a\x00b", "RUNTIME_TOKEN_FILE names a file that cannot be read"),
        ("PORT", "70000", "PORT must be a whole number"),
        ("PORT", "-1", "PORT must be a whole number"),
        ("PORT", "٣", "PORT must be a whole number"),
        ("GRAPH_BASE_URL", "graph", "GRAPH_BASE_URL must be an http or https address"),
        ("GRAPH_VERSION", "25", "GRAPH_VERSION must be like v25.0"),
        ("HTTP_DEV_ALLOW_REMOTE", "maybe", "HTTP_DEV_ALLOW_REMOTE must be 1 or 0"),
        ("TELEGRAM_BASE_URL", "telegram", "TELEGRAM_BASE_URL must be an http or https address"),
        ("TRUSTED_PROXIES", "10.0.0.1, hunter2", "TRUSTED_PROXIES must be addresses or networks"),
        ("EGRESS_ALLOW", "10.0.0.0/8, hunter2", "EGRESS_ALLOW must be networks like 10.1.0.0/16"),
        ("EGRESS_ALLOW_HTTP", "maybe", "EGRESS_ALLOW_HTTP must be 1 or 0"),
    ],
)
def test_an_invalid_variable_is_named_without_its_value(
    complete: dict[str, str], name: str, value: str, problem: str
) -> None:
    problems = problems_of({**complete, name: value})
    assert len(problems) == 1
    assert problems[0].startswith(problem)
    assert "hunter2" not in problems[0]


def test_missing_and_invalid_variables_are_reported_together(complete: dict[str, str]) -> None:
    del complete["STATE_DIR"]
    assert problems_of({**complete, "PORT": "x", "GRAPH_VERSION": "x"}) == (
        "STATE_DIR is missing",
        "PORT must be a whole number from 0 to 65535",
        "GRAPH_VERSION must be like v25.0",
    )


def test_an_operator_opens_networks_for_the_connectors(complete: dict[str, str]) -> None:
    opened = {"EGRESS_ALLOW": "10.1.0.0/16, ::1/128", "EGRESS_ALLOW_HTTP": "1"}
    settings = Settings.from_environment({**complete, **opened})
    assert settings.egress == read_egress_policy(["10.1.0.0/16", "::1/128"], plain_http=True)
    assert Settings.from_environment(complete).egress == PUBLIC_ONLY


def test_an_operator_names_the_proxies_that_are_believed(complete: dict[str, str]) -> None:
    settings = Settings.from_environment({**complete, "TRUSTED_PROXIES": "10.1.0.0/16, 127.0.0.1,"})
    assert [str(network) for network in settings.trusted_proxies] == ["10.1.0.0/16", "127.0.0.1/32"]
    assert Settings.from_environment(complete).trusted_proxies == ()
