from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command, get_commands, load_command_class
from django.core.management.base import CommandError

from flow_engine.bundle import read_public_keys
from flow_engine.bundle.signing import SigningKey
from platform_admin.credentials.queries import tenant_fernet_keys
from platform_admin.releases.models import Release
from platform_admin.tenants.models import Tenant
from platform_admin.tenants.queries import runtime_token_of
from tests.platform_admin.business import BROKEN_FLOW, FLOW, KNOWLEDGE

pytestmark = pytest.mark.django_db

PROVISION = ("provision_tenant", "luna", "--name", "Luna", "--language", "es", "--timezone", "Europe/Madrid")


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def refusal(*arguments: str) -> tuple[str, int, str]:
    """Message, exit code and what was printed to stderr before."""
    err = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command(*arguments, stdout=StringIO(), stderr=err)
    return str(caught.value), caught.value.returncode, err.getvalue()


@pytest.mark.parametrize("name", sorted(n for n, app in get_commands().items() if app.startswith("platform_admin.")))
def test_every_command_explains_itself(name: str) -> None:
    command = load_command_class(get_commands()[name], name)
    text = command.create_parser("manage.py", name).format_help()
    assert command.help
    assert command.help.split()[0] in text


def test_provisioning_writes_the_three_files_of_a_runtime_for_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    printed = json.loads(run(*PROVISION, "--channel", "http_dev", "--output-dir", str(folder), "--json"))
    tenant = Tenant.objects.get()
    assert printed["tenant"] == "luna"
    assert sorted(path.name for path in folder.iterdir()) == sorted(printed["files"])
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    token = runtime_token_of((folder / "runtime_token").read_text().strip())
    assert token is not None
    assert token.tenant == tenant
    assert tuple((folder / "tenant_fernet_keys").read_text().split()) == tenant_fernet_keys(tenant)
    keys = read_public_keys((folder / "bundle_public_keys.json").read_text())
    assert keys == (SigningKey.from_seed(b"frontdesk tests, not a secret!!!").public_key,)
    assert (folder / "runtime_token").read_text().strip() not in json.dumps(printed)


def test_provisioning_without_a_folder_prints_the_token_once() -> None:
    token = run(*PROVISION).rpartition(" ")[2].strip()
    assert runtime_token_of(token) is not None


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("Luna!", "--name", "x"), "slug: Small letters and digits, single hyphens between them."),
        (("luna", "--name", "x", "--timezone", "Madrid"), "timezone: This is no IANA time zone such as Europe/Madrid."),
    ],
)
def test_provisioning_refuses_bad_input_and_stores_nothing(arguments: tuple[str, ...], message: str) -> None:
    assert refusal("provision_tenant", *arguments)[:2] == (message, 1)
    assert not Tenant.objects.exists()


def test_provisioning_twice_is_refused_and_leaves_the_files_alone(tmp_path: Path) -> None:
    run(*PROVISION, "--output-dir", str(tmp_path))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert refusal(*PROVISION, "--output-dir", str(tmp_path))[:2] == ("The tenant luna exists already.", 1)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("name", ["runtime_token", "tenant_fernet_keys", "bundle_public_keys.json"])
def test_provisioning_never_overwrites_the_files_of_another_runtime(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("another tenant's")
    message, code, _ = refusal(*PROVISION, "--output-dir", str(tmp_path))
    assert code == 1
    assert message == (
        f"Nothing was created: {tmp_path / name} is there already and may be another runtime's. Choose an empty folder."
    )
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {name: "another tenant's"}
    assert not Tenant.objects.exists()


def test_a_tenant_whose_files_cannot_be_written_is_not_created(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    message, code, _ = refusal(*PROVISION, "--output-dir", str(tmp_path / "file" / "secrets"))
    assert code == 1
    assert message.startswith(f"Nothing was created: {tmp_path / 'file' / 'secrets'} could not be written: ")
    assert not Tenant.objects.exists()


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    texts = {
        "flow.yaml": FLOW,
        "broken.yaml": BROKEN_FLOW,
        "faq.md": KNOWLEDGE,
        "settings.yaml": "channels: [{type: http_dev}]\n",
        "bad_settings.yaml": "channels: [{type: http_dev}]\ncolour: green\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "latin1.yaml").write_bytes("id: pelquería".encode("latin-1"))
    return {path.name: path for path in tmp_path.iterdir()}


def test_publishing_prints_the_serial(luna: Tenant, files: dict[str, Path]) -> None:
    flow, knowledge, settings = (str(files[name]) for name in ("flow.yaml", "faq.md", "settings.yaml"))
    printed = run("publish", "luna", "--flow", flow, "--knowledge", knowledge, "--settings-file", settings)
    assert printed == "Published luna as release 1.\n"
    again = json.loads(run("publish", "luna", "--json"))
    release = Release.objects.for_tenant(luna).get(serial=2)
    assert again == {"tenant": "luna", "serial": 2, "digest": release.digest}


def test_publishing_with_faults_prints_each_with_its_place_and_publishes_nothing(
    luna: Tenant, files: dict[str, Path]
) -> None:
    broken, bad = files["broken.yaml"], files["bad_settings.yaml"]
    _, code, printed = refusal("publish", "luna", "--flow", str(broken), "--settings-file", str(bad))
    lines = printed.splitlines()
    assert code == 1
    assert [line for line in lines if line.startswith((f"{broken}:10:13 F020 ", f"{broken}:13:17 F101 "))] != []
    assert f"{bad}:2:1 S101 colour is not known here. Remove it." in lines
    assert not Release.objects.for_tenant(luna).exists()


def test_publishing_with_faults_can_print_them_as_json(luna: Tenant, files: dict[str, Path]) -> None:
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("publish", "luna", "--flow", str(files["broken.yaml"]), "--json", stdout=out, stderr=StringIO())
    faults = json.loads(out.getvalue())["faults"]
    assert [(f["line"], f["code"]) for f in faults if f["severity"] == "error"] == [(10, "F020"), (13, "F101")]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("nobody",), 1),
        (("luna", "--flow", "absent.yaml"), 2),
        (("luna", "--flow", "latin1.yaml"), 1),
    ],
)
def test_publishing_what_cannot_be_read_is_refused(
    arguments: tuple[str, ...], code: int, luna: Tenant, files: dict[str, Path], tmp_path: Path
) -> None:
    located = [str(tmp_path / part) if part.endswith(".yaml") else part for part in arguments]
    assert refusal("publish", *located)[1] == code
    assert not Release.objects.for_tenant(luna).exists()
