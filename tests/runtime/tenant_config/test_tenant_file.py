"""A development file becomes a ``TenantConfig``, or a list of everything wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow_engine.bundle.content import Knowledge, LLMSettings
from runtime.errors import ConfigurationError
from runtime.tenant_config import TenantConfig
from runtime.tenant_file import read_tenant_file

CONFIGS = Path(__file__).parents[2] / "configs"

FLOW = """\
id: toy
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_text
        text: "Hi from {{ business.name }}"
    transitions:
      - on_payload: again
        target: MENU
    fallback: MENU
"""

TENANT = """\
tenant_id: toy
flow_path: toy_flow.yaml
channel:
  type: http_dev
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "toy_flow.yaml").write_text(FLOW, encoding="utf-8")
    return tmp_path


def read(folder: Path, text: str) -> TenantConfig:
    file = folder / "tenant.yaml"
    file.write_text(text, encoding="utf-8")
    return read_tenant_file(file)


def faults_of(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigurationError) as refused:
        read(folder, text)
    return [fault.removeprefix(f"{folder}/") for fault in refused.value.problems]


def test_the_development_tenant_works_as_it_stands() -> None:
    config = read_tenant_file(CONFIGS / "dev_tenant.yaml")
    assert config.tenant_id == "my_business"
    assert config.channels == ({"type": "http_dev"},)
    assert config.connectors == {"calendar": {"type": "mock"}, "llm": {"type": "mock_llm"}}
    assert config.llm == LLMSettings(
        enabled=True, provider="mock_llm", knowledge_version=None, quota_monthly_tokens=None
    )
    assert config.knowledge is not None
    assert config.knowledge.markdown.startswith("# Lo que preguntan los clientes")
    assert (config.settings.timezone, config.settings.language) == ("Europe/Madrid", "es")
    assert (config.business_name, config.serial, config.digest) == ("Peluquería Marea", 0, "")


def test_a_whatsapp_tenant_with_an_llm_block_is_understood() -> None:
    config = read_tenant_file(CONFIGS / "whatsapp_tenant.yaml")
    assert config.channels[0]["type"] == "whatsapp"
    assert config.llm == LLMSettings(
        enabled=True, provider="mock_llm", knowledge_version="v3", quota_monthly_tokens=500_000
    )
    assert config.knowledge is not None
    assert config.knowledge.version == "v3"


def test_secrets_are_not_in_the_repr() -> None:
    config = read_tenant_file(CONFIGS / "whatsapp_tenant.yaml")
    assert "EAAxxxxxxx" not in repr(config)
    assert {"EAAxxxxxxx", "abc123", "my_verify_token"} <= config.secret_values()
    assert not config.secret_values() & {"whatsapp", "mock_llm", "1234567890"}


def test_without_anything_else_the_zone_is_utc_and_the_language_english(folder: Path) -> None:
    config = read(folder, TENANT)
    assert (config.settings.timezone, config.settings.language) == ("UTC", "en")
    assert (config.knowledge, config.llm.enabled, config.business_name) == (None, False, "Toy")


def test_what_the_flow_brings_along_yields_to_what_the_tenant_says(folder: Path) -> None:
    beside = folder / "toy"
    beside.mkdir()
    (beside / "knowledge.md").write_text("# Facts", encoding="utf-8")
    (beside / "defaults.yaml").write_text(
        "timezone: Europe/Madrid\nlanguage: es\nbusiness: {name: Sol, street: Mar}\n", encoding="utf-8"
    )
    config = read(folder, TENANT + "language: en\nbusiness: {name: Luna}\n")
    assert (config.settings.timezone, config.settings.language) == ("Europe/Madrid", "en")
    assert config.settings.business == {"name": "Luna", "street": "Mar"}
    assert config.knowledge == Knowledge(version="v1", markdown="# Facts")


def test_several_channels_are_a_list(folder: Path) -> None:
    config = read(folder, TENANT.replace("channel:\n  type: http_dev", "channels:\n  - type: http_dev"))
    assert config.channels == ({"type": "http_dev"},)


def test_a_disabled_llm_is_not_bound(folder: Path) -> None:
    config = read(folder, TENANT + "connectors: {llm: {type: mock_llm}}\nllm: {enabled: false}\n")
    assert (config.llm.enabled, config.connectors) == (False, {})


def test_a_provider_without_a_connector_is_bound(folder: Path) -> None:
    config = read(folder, TENANT + "llm: {provider: mock_llm}\n")
    assert (config.llm.enabled, config.connectors) == (True, {"llm": {"type": "mock_llm"}})


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param(
            TENANT + "colour: red\n", "tenant.yaml:5:1 R101 The key colour is not known here.", id="unknown key"
        ),
        pytest.param(
            TENANT.replace("tenant_id: toy\n", ""), "tenant.yaml:1:1 R102 The key tenant_id is missing.", id="no tenant"
        ),
        pytest.param(TENANT.replace("toy\n", "Toy/..\n", 1), "tenant.yaml:1:1 R104 tenant_id may hold", id="bad slug"),
        pytest.param(
            TENANT.replace("toy\n", "12\n", 1), "tenant.yaml:1:1 R103 tenant_id must be a text.", id="number for text"
        ),
        pytest.param(
            TENANT + "channels: []\n", "tenant.yaml:5:1 R105 Both channel and channels", id="both kinds of channel"
        ),
        pytest.param(
            TENANT.replace("http_dev", "fax"),
            "tenant.yaml:4:3 R201 channel.type: there is no such channel",
            id="unknown channel",
        ),
        pytest.param(
            TENANT + "  port: 1\n", "tenant.yaml:5:3 R201 channel.port: unknown key", id="unknown channel key"
        ),
        pytest.param(
            TENANT.replace("channel:\n  type: http_dev\n", "channel: http_dev\n"),
            "tenant.yaml:3:1 R103 channel must be a mapping",
            id="channel as text",
        ),
        pytest.param(
            TENANT + "connectors:\n  calendar:\n    type: nonsense\n",
            "tenant.yaml:7:5 R202 connectors.calendar.type: there is no 'nonsense'",
            id="unknown connector",
        ),
        pytest.param(
            TENANT + "llm:\n  provider: nonsense\n",
            "tenant.yaml:6:3 R202 llm.provider: there is no 'nonsense'",
            id="unknown provider",
        ),
        pytest.param(
            TENANT + "llm:\n  quota_monthly_tokens: -1\n  provider: mock_llm\n",
            "tenant.yaml:6:3 R103 quota_monthly_tokens must be",
            id="negative quota",
        ),
        pytest.param(
            TENANT + "llm:\n  enabled: yes\n  provider: mock_llm\n",
            "tenant.yaml:6:3 R103 enabled must be true or false.",
            id="yes is a text",
        ),
        pytest.param(
            TENANT + "llm: {enabled: true}\n",
            "tenant.yaml:5:1 R107 The LLM is enabled but no provider",
            id="no provider",
        ),
        pytest.param(TENANT + "timezone: Mars/Base\n", "tenant.yaml:5:1 R203 timezone:", id="unknown zone"),
        pytest.param(
            TENANT.replace("toy_flow", "absent"),
            "tenant.yaml:2:1 R108 flow_path names a file that is not there.",
            id="no flow",
        ),
        pytest.param(
            TENANT + "knowledge_path: absent.md\n",
            "tenant.yaml:5:1 R108 knowledge_path names a file",
            id="no knowledge",
        ),
        pytest.param("- a\n", "tenant.yaml:1:1 R103 The file must be a mapping", id="a list"),
        pytest.param(
            TENANT + "business: &x {name: a}\n", "tenant.yaml:5:11 F004 The anchor &x is not allowed.", id="an anchor"
        ),
    ],
)
def test_a_fault_is_told_where_it_stands(folder: Path, text: str, fault: str) -> None:
    faults = faults_of(folder, text)
    assert len(faults) == 1, faults
    assert faults[0].startswith(fault), faults


def test_faults_of_all_files_are_told_at_once(folder: Path) -> None:
    (folder / "toy_flow.yaml").write_text(FLOW.replace("target: MENU", "target: NOWHERE"), encoding="utf-8")
    faults = faults_of(folder, TENANT + "colour: red\nllm: {enabled: 3}\n")
    assert [fault.split(" ")[0] for fault in faults] == [
        "tenant.yaml:5:1",
        "tenant.yaml:6:1",
        "tenant.yaml:6:7",
        "toy_flow.yaml:10:17",
    ]


def test_a_file_that_is_not_text_is_one_fault(folder: Path) -> None:
    file = folder / "tenant.yaml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigurationError) as refused:
        read_tenant_file(file)
    assert refused.value.problems == (f"{file}:1:1 R108 The file cannot be read as UTF-8 text.",)
