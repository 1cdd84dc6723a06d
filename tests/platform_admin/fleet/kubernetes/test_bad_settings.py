"""An orchestrator on Kubernetes that is told nonsense says which variable it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from platform_admin.errors import ConflictError
from platform_admin.fleet.drivers.errors import EngineUnreachableError
from platform_admin.fleet.drivers.kubernetes.api import connect
from platform_admin.fleet.drivers.kubernetes.settings import KubernetesSettings


@pytest.mark.parametrize("name", ["FLEET_KUBERNETES_NAMESPACE_PER_TENANT", "FLEET_KUBERNETES_DRAINABLE"])
@pytest.mark.parametrize("value", ["true", "yes", "2", " 1"])
def test_a_choice_of_two_that_is_neither_is_refused(name: str, value: str) -> None:
    with pytest.raises(ConflictError, match=f"^{name} must be 0 or 1.$"):
        KubernetesSettings.from_environment({name: value})


def test_an_empty_variable_counts_as_absent() -> None:
    empty = {"FLEET_KUBERNETES_NAMESPACE_PER_TENANT": "", "FLEET_KUBERNETES_DRAINABLE": ""}
    assert KubernetesSettings.from_environment(empty) == KubernetesSettings()


NO_KUBECONFIG = {"no YAML": "clusters: [one", "a list": "[]", "a word": "kubeconfig", "nothing": ""}


@pytest.mark.parametrize("content", NO_KUBECONFIG.values(), ids=NO_KUBECONFIG)
def test_a_file_that_is_no_kubeconfig_is_named_in_one_line(tmp_path: Path, content: str) -> None:
    file = tmp_path / "config"
    file.write_text(content)
    begins = rf"^Kubernetes does not answer \({file} is no kubeconfig: [^\n]+\)\. Start it; [^\n]+$"
    with pytest.raises(EngineUnreachableError, match=begins):
        connect(file)


def test_a_folder_is_no_kubeconfig_either(tmp_path: Path) -> None:
    with pytest.raises(EngineUnreachableError, match=f"{tmp_path} is no kubeconfig: .*Is a directory"):
        connect(tmp_path)


def test_without_a_cluster_around_it_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    with pytest.raises(EngineUnreachableError, match="FLEET_KUBERNETES_CONFIG names no kubeconfig either"):
        connect()
