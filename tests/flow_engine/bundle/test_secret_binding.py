from __future__ import annotations

import pytest

from flow_engine.bundle.errors import BundleError
from flow_engine.bundle.secret_binding import bind, unbind

FIELD = "channels.0.access_token"


def test_a_secret_comes_back_in_its_own_place() -> None:
    assert unbind(bind(tenant="luna", field=FIELD, value="EAAG…"), tenant="luna", field=FIELD) == "EAAG…"


@pytest.mark.parametrize(
    ("case", "plaintext", "code"),
    [
        ("another tenant's", bind(tenant="sol", field=FIELD, value="x"), "foreign_secret"),
        ("another field's", bind(tenant="luna", field="channels.0.app_secret", value="x"), "foreign_secret"),
        ("a bare value", b'"x"', "malformed"),
        ("a value that is not a text", b'{"field":"channels.0.access_token","tenant":"luna","value":1}', "malformed"),
        ("more than the three fields", b'{"field":"f","tenant":"luna","value":"x","x":1}', "malformed"),
        ("not JSON", b"\x00", "malformed"),
    ],
)
def test_a_secret_out_of_place_is_refused(case: str, plaintext: bytes, code: str) -> None:
    with pytest.raises(BundleError) as caught:
        unbind(plaintext, tenant="luna", field=FIELD)
    assert caught.value.code == code
