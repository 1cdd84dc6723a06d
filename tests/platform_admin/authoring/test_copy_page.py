"""Copy & restore: out as files, in again after a look, all of it or nothing."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any, Final

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from platform_admin.errors import ConflictError
from platform_admin.flows import actions as flows
from platform_admin.flows.models import Flow, FlowDraft
from platform_admin.knowledge import actions as knowledge
from platform_admin.knowledge.queries import document_of
from platform_admin.releases.actions import publish, save_settings
from platform_admin.releases.archive import apply_archive, export_tenant, read_archive
from platform_admin.releases.archive.limits import MAX_ARCHIVE_BYTES
from platform_admin.releases.models import TenantSettings
from platform_admin.tenants.models import AuditEntry, Tenant, User
from tests.platform_admin.authoring.test_conversation_page import client_of
from tests.platform_admin.business import COMMAND, FLOW, KNOWLEDGE, sources
from tests.platform_admin.isolation.bodies import tenant_archive

pytestmark = pytest.mark.django_db

PAGE: Final = "/admin/authoring/luna/copy/"
OTHER: Final = FLOW.replace("De 10:00 a 20:00.", "Nunca.")


@pytest.fixture
def written(luna: Tenant) -> Tenant:
    publish(tenant=luna, by=COMMAND, sources=sources(knowledge=KNOWLEDGE))
    return luna


def sent(client: Client, verb: str, content: bytes, *, name: str = "luna.zip", **fields: str) -> Any:
    return client.post(f"{PAGE}{verb}", {"archive": SimpleUploadedFile(name, content), **fields}, follow=True)


def looked(client: Client, content: bytes) -> tuple[str, str]:
    """The piece that is shown, and the mark in it."""
    answer = sent(client, "look", content)
    assert answer.status_code == 200
    piece = answer.content.decode()
    return piece, re.findall(r'name="mark" value="([0-9a-f]+)"', piece)[0]


def drafts(tenant: Tenant) -> tuple[str, str, int]:
    document = document_of(tenant)
    assert document is not None
    return FlowDraft.objects.for_tenant(tenant).get().text, document.draft, AuditEntry.objects.count()


def test_everything_or_a_part_is_downloaded(written: Tenant, people: dict[str, User]) -> None:
    client = client_of(people["viewer"])
    assert 'type="file"' not in client.get(PAGE).content.decode()
    whole = client.get(f"{PAGE}everything.zip")
    assert whole.content == export_tenant(tenant=written, by=COMMAND)
    assert whole.headers["Content-Disposition"] == 'attachment; filename="luna.zip"'
    with zipfile.ZipFile(io.BytesIO(whole.content)) as file:
        assert file.testzip() is None
    assert client.get(f"{PAGE}conversation.yaml").content.decode() == FLOW
    assert client.get(f"{PAGE}faq.md").content.decode() == KNOWLEDGE


def test_a_file_is_looked_at_and_then_restored(written: Tenant, people: dict[str, User]) -> None:
    client, content = client_of(people["publisher"]), tenant_archive({"flows/main.yaml": OTHER})
    before = drafts(written)
    piece, mark = looked(client, content)
    assert "Hours says “Nunca.” instead of “De 10:00 a 20:00.”." in piece
    assert drafts(written) == before
    answer = sent(client, "restore", content, mark=mark)
    assert "It is all there, as a draft." in answer.content.decode()
    assert drafts(written)[:2] == (OTHER, KNOWLEDGE)


def test_nothing_is_restored_that_was_not_looked_at(written: Tenant, people: dict[str, User]) -> None:
    client, content = client_of(people["publisher"]), tenant_archive({"knowledge.md": "# Luna\n"})
    _, mark = looked(client, content)
    another = tenant_archive({"knowledge.md": "# Sol\n"})
    before = drafts(written)
    for body, given in ((another, mark), (content, ""), (content, "0" * 32)):
        answer = sent(client, "restore", body, mark=given)
        assert "it is not what you looked at any more" in answer.content.decode()
    assert drafts(written) == before
    knowledge.save_draft(tenant=written, markdown="# Theirs\n", by=people["editor"])
    before = drafts(written)
    sent(client, "restore", content, mark=mark)
    assert drafts(written) == before
    assert "What editor@example.com saved in the FAQ" in looked(client, content)[0]


def test_one_that_fails_half_way_changes_nothing_at_all(written: Tenant, people: dict[str, User]) -> None:
    long = "".join(f"{number:x}" for number in range(120_000))
    client, content = client_of(people["owner"]), tenant_archive({"flows/main.yaml": OTHER, "knowledge.md": long})
    _, mark = looked(client, content)
    before = drafts(written)
    assert "Nothing was restored: The document has" in sent(client, "restore", content, mark=mark).content.decode()
    assert drafts(written) == before


def test_one_with_faults_in_its_hours_is_shown_and_not_taken(written: Tenant, people: dict[str, User]) -> None:
    client = client_of(people["owner"])
    content = tenant_archive({"flows/main.yaml": OTHER, "business.yaml": "hours: {mon: [x]}\n"})
    piece, mark = looked(client, content)
    assert "business.yaml: " in piece
    assert "Restore this into the drafts" not in piece
    before = drafts(written)
    assert "the file has mistakes" in sent(client, "restore", content, mark=mark).content.decode()
    assert drafts(written) == before


def test_other_settings_are_taken_from_an_owner_alone(written: Tenant, people: dict[str, User]) -> None:
    content = tenant_archive({"settings.yaml": "channels: [{type: http_dev}]\nsentences: {busy: Un momento}\n"})
    publisher, owner = client_of(people["publisher"]), client_of(people["owner"])
    before = drafts(written)
    answer = sent(publisher, "restore", content, mark=looked(publisher, content)[1])
    assert "This needs the role owner" in answer.content.decode()
    assert drafts(written) == before
    answer = sent(owner, "restore", content, mark=looked(owner, content)[1])
    assert "It is all there, as a draft." in answer.content.decode()


def test_no_file_brings_a_whatsapp_number_that_is_not_connected_here(
    written: Tenant, sol: Tenant, people: dict[str, User], operator: User
) -> None:
    """Taken by another business or by nobody: the same words. One that is here already stays, and an operator may."""
    taken, free, own = "1234567890", "5550009999", "1111122222"
    for tenant, number in ((sol, taken), (written, own)):
        save_settings(
            tenant=tenant, document={"channels": [{"type": "whatsapp", "phone_number_id": number}]}, by=COMMAND
        )
    owner = client_of(people["owner"])
    before = (drafts(written), stored_channels(written))
    said = []
    for number in (taken, free):
        content = tenant_archive({"settings.yaml": f"channels: [{{type: whatsapp, phone_number_id: '{number}'}}]\n"})
        answer = sent(owner, "look", content)
        assert answer.status_code == 422
        assert 'name="mark"' not in answer.content.decode()
        said.append(re.sub(r'nonce="[^"]*"', "", answer.content.decode()).replace(number, "N"))
        assert "is not connected here" in sent(owner, "restore", content, mark="0").content.decode()
        with pytest.raises(ConflictError, match=number):
            apply_archive(tenant=written, archive=read_archive(content), by=people["owner"])
    assert said[0] == said[1]
    assert "The file brings the WhatsApp number N, which is not connected here." in said[0]
    assert (drafts(written), stored_channels(written)) == before
    same = f"channels: [{{type: http_dev}}, {{type: whatsapp, phone_number_id: '{own}'}}]\n"
    apply_archive(tenant=written, archive=read_archive(tenant_archive({"settings.yaml": same})), by=people["owner"])
    assert len(stored_channels(written)) == 2
    apply_archive(tenant=written, archive=read_archive(content), by=operator)
    assert stored_channels(written)[0]["phone_number_id"] == free


def stored_channels(tenant: Tenant) -> list[Any]:
    return list(TenantSettings.objects.for_tenant(tenant).get().channels)


def test_who_does_not_publish_restores_nothing(written: Tenant, people: dict[str, User]) -> None:
    client, before = client_of(people["editor"]), drafts(written)
    content = tenant_archive({"flows/main.yaml": OTHER})
    assert sent(client, "look", content).status_code == 403
    sent(client, "restore", content, mark=looked(client_of(people["owner"]), content)[1])
    assert drafts(written) == before


REFUSED: Final[dict[str, tuple[str, bytes, str, str]]] = {
    "another kind of file": ("luna.yaml", b"x", "This is no .zip file.", "Esto no es un archivo .zip."),
    "a zip by its name alone": ("luna.zip", b"x", "This is no zip archive that can be read.", "no se puede leer"),
    "too large": ("luna.zip", b"0" * (MAX_ARCHIVE_BYTES + 1), "The file is too large: 5 MB fit.", "caben 5 MB"),
    "a file of no tenant": ("luna.zip", tenant_archive({"evil.py": "x"}), "has no place in an archive", "no tiene"),
}


@pytest.mark.parametrize(("name", "content", "english", "spanish"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_cannot_be_taken_is_refused_in_words_and_changes_nothing(
    name: str, content: bytes, english: str, spanish: str, written: Tenant, people: dict[str, User]
) -> None:
    client, before = client_of(people["owner"]), drafts(written)
    answer = sent(client, "look", content, name=name)
    assert (answer.status_code, english in answer.content.decode()) == (422, True)
    assert english in sent(client, "restore", content, name=name).content.decode()
    assert client.post(f"{PAGE}look").status_code == 422
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "es"
    assert spanish in sent(client, "look", content, name=name).content.decode()
    assert drafts(written) == before


def test_a_conversation_with_faults_comes_in_with_a_word_of_them(written: Tenant, people: dict[str, User]) -> None:
    client = client_of(people["publisher"])
    content = tenant_archive({"flows/main.yaml": FLOW.replace("target: HOURS", "target: NOWHERE")})
    piece, mark = looked(client, content)
    assert "The conversation in the file has mistakes" in piece
    sent(client, "restore", content, mark=mark)
    flow = Flow.objects.for_tenant(written).get()
    assert flows.check(flow=flow, text=drafts(written)[0])
