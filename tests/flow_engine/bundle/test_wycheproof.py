"""The published Ed25519 vectors, through the function that decides about every bundle."""

from __future__ import annotations

import json
from pathlib import Path

from flow_engine.bundle import PublicKey
from flow_engine.bundle.signing import verify


def test_every_wycheproof_vector_is_judged_as_published(shared_data: Path) -> None:
    document = json.loads((shared_data / "security/crypto/wycheproof_ed25519_test.json").read_text())
    wrong = []
    judged = 0
    for group in document["testGroups"]:
        key = PublicKey.from_raw(bytes.fromhex(group["publicKey"]["pk"]))
        for case in group["tests"]:
            judged += 1
            answer = verify(key, bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"]))
            if answer is not (case["result"] == "valid"):
                wrong.append(case["tcId"])
    assert wrong == []
    assert judged == document["numberOfTests"]
