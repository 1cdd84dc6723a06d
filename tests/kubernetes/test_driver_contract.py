"""What every driver promises, against a real API server; the pods' statuses are played (``kubelet.py``)."""

from __future__ import annotations

from typing import ClassVar

import pytest

from tests.platform_admin.fleet.contract.runtime_driver_contract import RuntimeDriverContract


@pytest.mark.usefixtures("kubelet")
class TestKubernetesDriver(RuntimeDriverContract):
    patience_s: ClassVar[float] = 60.0
