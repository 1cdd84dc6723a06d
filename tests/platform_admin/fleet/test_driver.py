"""The values that cross the driver port."""

from __future__ import annotations

from dataclasses import replace

from platform_admin.fleet.driver import Resources, SecretFile, WantedRuntime


def test_a_fingerprint_tells_wishes_apart_but_not_their_secrets() -> None:
    token = SecretFile("RUNTIME_TOKEN_FILE", "runtime_token", "first")
    wish = WantedRuntime("luna", image="frontdesk-runtime:1", environment={"A": "1", "B": "2"}, secrets=(token,))
    same = replace(wish, environment={"B": "2", "A": "1"}, secrets=(replace(token, content="second"),))
    assert same.fingerprint == wish.fingerprint
    others = [
        replace(wish, tenant="sol"),
        replace(wish, image="frontdesk-runtime:2"),
        replace(wish, environment={"A": "1"}),
        replace(wish, secrets=()),
        replace(wish, resources=Resources(processes=1)),
        replace(wish, port=9000),
    ]
    assert len({wish.fingerprint, *(other.fingerprint for other in others)}) == len(others) + 1


def test_no_secret_stands_in_a_representation() -> None:
    wish = WantedRuntime("luna", secrets=(SecretFile("RUNTIME_TOKEN_FILE", "runtime_token", "hunter2"),))
    assert "hunter2" not in repr(wish)
