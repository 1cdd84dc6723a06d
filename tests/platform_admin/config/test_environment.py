from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from platform_admin.config.build import checked_out_commit, version
from platform_admin.config.environment import (
    VARIABLES,
    ConfigurationError,
    is_public_name,
    read_environment,
    with_env_file,
)
from platform_admin.fleet.environment import fleet_environment
from runtime.version import build_id

ROOT = Path(__file__).parents[3]
FERNET_KEY = "dGVzdHMtb25seS1uZXdlc3QtcGxhdGZvcm0ta2V5ISE="


@pytest.fixture
def complete(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "key.pem").write_text("a key")
    return {
        "SECRET_KEY": "s" * 50,
        "FERNET_KEYS": FERNET_KEY,
        "SIGNING_KEY_FILE": "key.pem",
        "DATABASE_URL": "sqlite:///d",
    }


def faults(source: dict[str, str], root: Path) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        read_environment(source, root=root)
    return [fault.split()[0].rstrip(":") for fault in caught.value.faults]


def test_a_complete_environment_is_read_with_its_defaults(complete: dict[str, str], tmp_path: Path) -> None:
    environment = read_environment(complete, root=tmp_path)
    assert environment.signing_key_file == tmp_path / "key.pem"
    assert environment.database["NAME"] == str(tmp_path / "d")
    assert environment.allowed_hosts == ("localhost", "127.0.0.1", "[::1]")
    assert (environment.debug, environment.https_only, environment.build) == (False, False, "unknown")


@pytest.mark.parametrize(
    ("files", "said", "expected"),
    [
        pytest.param({".git/HEAD": "a" * 40}, "2026.11.23-abc", "2026.11.23-abc", id="an image was told"),
        pytest.param({".git/HEAD": "a" * 40}, "", "a" * 12, id="a detached head"),
        pytest.param(
            {".git/HEAD": "ref: refs/heads/main\n", ".git/refs/heads/main": "b" * 40}, "", "b" * 12, id="a branch"
        ),
        pytest.param(
            {".git/HEAD": "ref: refs/heads/main\n", ".git/packed-refs": "# pack\n" + "c" * 40 + " refs/heads/main\n"},
            "",
            "c" * 12,
            id="a packed branch",
        ),
        pytest.param({".git/HEAD": "nonsense"}, "", "unknown", id="a broken checkout"),
    ],
)
def test_the_build_is_what_an_image_was_told_or_else_what_is_checked_out(
    files: dict[str, str], said: str, expected: str, complete: dict[str, str], tmp_path: Path
) -> None:
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    assert read_environment({**complete, "FRONTDESK_BUILD": said}, root=tmp_path).build == expected


def test_both_planes_of_a_checkout_call_it_by_the_same_name() -> None:
    assert checked_out_commit() == build_id()


def test_everything_missing_is_reported_at_once(tmp_path: Path) -> None:
    assert faults({"DATABASE_URL": "sqlite:///d"}, tmp_path) == ["SECRET_KEY", "FERNET_KEYS", "SIGNING_KEY_FILE"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "canary-too-short"),
        ("FERNET_KEYS", f"{FERNET_KEY},canary"),
        ("SIGNING_KEY_FILE", "canary.pem"),
        ("DATABASE_URL", "canary://x"),
        ("DATABASE_URL", "sqlite:///canary/folder/db"),
        ("EMAIL_URL", "canary://x"),
        ("DEBUG", "canary"),
        ("HTTPS_ONLY", "canary"),
        ("PUBLIC_URL", "canary"),
        ("PUBLIC_URL", "https://canary.example/?x=1"),
        ("RUNTIME_PUBLIC_URL", "https://canary.example/t"),
        ("RUNTIME_PUBLIC_URL", "http://canary.example/{tenant}"),
        ("TRUSTED_PROXIES", "10.0.0.1, canary"),
        ("SKIP_SECOND_FACTOR", "canary"),
    ],
)
def test_a_bad_value_is_reported_by_name_and_never_shown(
    name: str, value: str, complete: dict[str, str], tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_environment({**complete, name: value}, root=tmp_path)
    assert str(caught.value).count(name) == 1
    assert "canary" not in str(caught.value)
    assert len(caught.value.faults) == 1


@pytest.mark.parametrize(
    ("said", "url", "sender"),
    [
        ({}, "http://localhost:8001", "Frontdesk <frontdesk@localhost>"),
        (
            {"ALLOWED_HOSTS": "localhost,desk.example.org"},
            "https://desk.example.org",
            "Frontdesk <frontdesk@desk.example.org>",
        ),
        (
            {
                "ALLOWED_HOSTS": "desk.example.org",
                "PUBLIC_URL": "https://other.example.org/",
                "MAIL_FROM": "a@b.example",
            },
            "https://other.example.org",
            "a@b.example",
        ),
    ],
)
def test_links_in_mails_start_with_the_public_name(
    said: dict[str, str], url: str, sender: str, complete: dict[str, str], tmp_path: Path
) -> None:
    environment = read_environment({**complete, **said}, root=tmp_path)
    assert (environment.public_url, environment.mail_from) == (url, sender)


def test_the_process_outvotes_the_env_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SECRET_KEY=from-file\nDEBUG=true\n")
    merged = with_env_file({"SECRET_KEY": "from-process"}, root=tmp_path)
    assert merged == {"SECRET_KEY": "from-process", "DEBUG": "true"}


@pytest.mark.parametrize(
    ("host", "public"),
    [
        ("localhost", False), ("127.0.0.1", False), ("[::1]", False), ("control-plane", False), ("10.1.2.3", False),
        ("desk.localhost", False), ("desk.example.org", True), (".example.org", True), ("*", True), ("8.8.8.8", True),
    ],
)  # fmt: skip
def test_https_is_asked_for_once_a_name_is_public(
    host: str, public: bool, complete: dict[str, str], tmp_path: Path
) -> None:
    assert is_public_name(host) is public
    assert read_environment({**complete, "ALLOWED_HOSTS": host}, root=tmp_path).https_only is public


def fleet_variables() -> set[str]:
    """What the fleet's code reads by name."""
    sources = (path.read_text() for path in (ROOT / "platform_admin/fleet").rglob("*.py"))
    return {name for source in sources for name in re.findall(r'"((?:FLEET|INGRESS)_[A-Z_]+)"', source)}


def test_the_example_file_names_exactly_what_the_settings_and_the_fleet_read() -> None:
    example = (ROOT / ".env.example").read_text()
    named = re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE)
    assert sorted(named) == sorted({*VARIABLES, *fleet_variables()})


@pytest.mark.parametrize("name", sorted(fleet_variables()))
def test_the_documentation_says_what_a_variable_of_the_fleet_is_for(name: str) -> None:
    pages = ("docs/operations.md", "deploy/README.md", "deploy/kubernetes/README.md")
    told = " ".join((ROOT / page).read_text() for page in pages)
    short = name.removeprefix("FLEET_KUBERNETES")  # the second of a row
    assert f"`{name}`" in told or f"`…{short}`" in told


def test_the_fleets_variables_are_read_from_the_env_file_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("FLEET_NAME=by-file\nFLEET_IMAGE=by-file\n")
    monkeypatch.setitem(os.environ, "FLEET_IMAGE", "by-process")
    read = fleet_environment(root=tmp_path)
    assert (read["FLEET_NAME"], read["FLEET_IMAGE"]) == ("by-file", "by-process")


def test_the_settings_read_nothing_that_the_list_does_not_name() -> None:
    source = (ROOT / "platform_admin/config/environment.py").read_text()
    read = set(
        re.findall(
            r'(?:reader|self|source)\.(?:text|listed|flag|url|address|address_of_each|networks|get)\("([A-Z_]+)"',
            source,
        )
    )
    assert read == set(VARIABLES)


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd="/")


def test_a_command_without_its_environment_exits_78_and_names_what_is_missing() -> None:
    blank = dict.fromkeys(("SECRET_KEY", "FERNET_KEYS", "SIGNING_KEY_FILE"), "")
    result = run("check", **blank)
    assert result.returncode == 78
    assert result.stdout == ""
    assert [name in result.stderr for name in blank] == [True, True, True]
    assert "Traceback" not in result.stderr


def test_the_version_needs_no_environment() -> None:
    result = run("--version", SECRET_KEY="", FRONTDESK_BUILD="2026.11.23-abc")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == f"frontdesk-control-plane {version()} (2026.11.23-abc)\n"


def test_init_env_makes_what_a_first_start_needs_and_overwrites_nothing(tmp_path: Path) -> None:
    first = run("init_env", "--directory", str(tmp_path))
    made = {path: path.read_bytes() for path in (tmp_path / ".env", tmp_path / ".frontdesk/signing_key.pem")}
    assert first.returncode == 0, first.stderr
    assert [path.stat().st_mode & 0o777 for path in made] == [0o600, 0o600]
    assert run("init_env", "--directory", str(tmp_path)).stdout.count("kept") == 2
    assert {path: path.read_bytes() for path in made} == made
    environment = read_environment(with_env_file({}, root=tmp_path), root=tmp_path)
    assert (environment.debug, len(environment.fernet_keys)) == (False, 1)
    for content in made.values():
        assert content.decode() not in first.stdout
