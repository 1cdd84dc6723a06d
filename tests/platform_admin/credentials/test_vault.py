from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from platform_admin.credentials.vault import Vault
from platform_admin.errors import KeyMaterialError

OLD, NEW, OTHER = (Fernet.generate_key().decode() for _ in range(3))


def vectors(shared_data: Path, name: str) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = json.loads((shared_data / "security/crypto" / name).read_text())
    return rows


def unix(when: str) -> int:
    return int(datetime.fromisoformat(when).timestamp())


def test_every_published_valid_token_opens(shared_data: Path) -> None:
    rows = [*vectors(shared_data, "fernet_verify.json"), *vectors(shared_data, "fernet_generate.json")]
    assert len(rows) == 2
    for row in rows:
        clear = Vault([row["secret"]]).decrypt(row["token"], ttl_s=60, now_s=unix(row["now"]))
        assert clear == row["src"].encode()


def test_every_published_invalid_token_is_refused(shared_data: Path) -> None:
    rows = vectors(shared_data, "fernet_invalid.json")
    opened = []
    for row in rows:
        try:
            Vault([row["secret"]]).decrypt(row["token"], ttl_s=int(row["ttl_sec"]), now_s=unix(row["now"]))
        except KeyMaterialError:
            continue
        opened.append(row["desc"])
    assert opened == []
    assert len(rows) == 8


def test_the_first_key_encrypts_and_every_key_decrypts() -> None:
    old = Vault([OLD]).seal(tenant="luna", field="f", value="v")
    both = Vault([NEW, OLD])
    assert both.open(old, tenant="luna", field="f") == "v"
    new = both.seal(tenant="luna", field="f", value="v")
    with pytest.raises(KeyMaterialError):
        Vault([OLD]).open(new, tenant="luna", field="f")


@pytest.mark.parametrize(
    ("case", "keys", "tenant", "field"),
    [
        ("another tenant", [OLD], "sol", "f"),
        ("another field", [OLD], "luna", "g"),
        ("another key", [OTHER], "luna", "f"),
    ],
)
def test_a_token_opens_nowhere_but_in_its_place(case: str, keys: list[str], tenant: str, field: str) -> None:
    token = Vault([OLD]).seal(tenant="luna", field="f", value="canary")
    with pytest.raises(KeyMaterialError) as caught:
        Vault(keys).open(token, tenant=tenant, field=field)
    assert "canary" not in str(caught.value)


def test_a_vault_without_keys_cannot_be_made() -> None:
    with pytest.raises(KeyMaterialError):
        Vault([])
