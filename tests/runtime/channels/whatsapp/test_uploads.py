"""Files that the bot sends: fetched, uploaded once, sent by id; and by address where that is not possible."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.kernel.egress.policy import PUBLIC_ONLY
from flow_engine.outputs.output import Media, Parameter, Template
from flow_engine.vocabulary import MediaType
from runtime.channels.whatsapp import WhatsAppChannelConfig
from runtime.channels.whatsapp.file_fetch import FileFetch
from tests.fakes.graph_server import FakeGraphServer, Fault
from tests.fakes.loopback import LoopbackServer
from tests.runtime.channels.whatsapp.expectations import NUMBER
from tests.runtime.channels.whatsapp.phone import Phone, open_adapter


class Shop:
    """The business's own web page: ``files`` by path, and how often each was asked for."""

    def __init__(self) -> None:
        self.files = {
            "prices.png": (b"PNG 1", "image/png"),
            "same.png": (b"PNG 1", "image/png"),
            "bill.pdf": (b"%PDF", "application/pdf; charset=binary"),
            "page.png": (b"<html>", "text/html"),
            "huge.png": (b"x" * 5_000_001, "image/png"),
        }
        self.asked: list[str] = []
        self.asgi = Starlette(routes=[Route("/{name}", self.serve)])

    async def serve(self, request: Request) -> Response:
        name = request.path_params["name"]
        self.asked.append(name)
        if name not in self.files:
            return Response(status_code=404)
        content, media_type = self.files[name]
        return Response(content, headers={"content-type": media_type})


@pytest.fixture
async def graph() -> AsyncIterator[FakeGraphServer]:
    async with FakeGraphServer(tokens=["EAAtoken"], phone_number_ids=[NUMBER]) as server:
        yield server


@pytest.fixture
async def phone(graph: FakeGraphServer, config: WhatsAppChannelConfig) -> AsyncIterator[Phone]:
    async with open_adapter(graph, config) as opened:
        await opened.hears()
        yield opened


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
async def site(shop: Shop) -> AsyncIterator[str]:
    async with LoopbackServer(shop.asgi) as server:
        yield server.url


def picture(site: str, name: str = "prices.png") -> Media:
    return Media(MediaType.IMAGE, f"{site}/{name}", "Precios")


def sent_files(graph: FakeGraphServer) -> list[dict[str, str]]:
    return [sent.body[sent.body["type"]] for sent in graph.sent]


async def test_a_file_is_uploaded_once_and_sent_by_its_id(
    phone: Phone, graph: FakeGraphServer, site: str, shop: Shop
) -> None:
    for _ in range(3):
        await phone.say(picture(site))
    (media_id,) = graph.app.media.uploaded
    assert sent_files(graph) == [{"id": media_id, "caption": "Precios"}] * 3
    assert graph.app.media.uploaded[media_id].content == b"PNG 1"
    assert shop.asked == ["prices.png"]


async def test_the_same_content_under_another_address_is_not_uploaded_again(
    phone: Phone, graph: FakeGraphServer, site: str
) -> None:
    await phone.say(picture(site))
    await phone.say(picture(site, "same.png"))
    assert len(graph.app.media.uploaded) == 1
    assert len({file["id"] for file in sent_files(graph)}) == 1


async def test_a_file_that_changed_reaches_customers_within_the_hour(
    phone: Phone, graph: FakeGraphServer, site: str, shop: Shop
) -> None:
    await phone.say(picture(site))
    shop.files["prices.png"] = (b"PNG 2", "image/png")
    await phone.say(picture(site))
    assert len(graph.app.media.uploaded) == 1
    phone.clock.advance(3601)
    await phone.say(picture(site))
    assert [file.content for file in graph.app.media.uploaded.values()] == [b"PNG 1", b"PNG 2"]


async def test_an_upload_that_meta_has_forgotten_is_made_again(phone: Phone, graph: FakeGraphServer, site: str) -> None:
    await phone.say(picture(site))
    phone.clock.advance(timedelta(days=29).total_seconds())
    await phone.hears()
    await phone.say(picture(site))
    assert len(graph.app.media.uploaded) == 2


async def test_the_file_in_the_head_of_a_template_goes_by_its_id_too(
    phone: Phone, graph: FakeGraphServer, site: str
) -> None:
    bill = Media(MediaType.DOCUMENT, f"{site}/bill.pdf", None, "bill.pdf")
    await phone.say(Template("invoice", "es", (Parameter("a"),), media=bill))
    (media_id,) = graph.app.media.uploaded
    head = graph.sent[0].body["template"]["components"][0]["parameters"][0]
    assert head == {"type": "document", "document": {"id": media_id, "filename": "bill.pdf"}}


@pytest.mark.parametrize("name", ["page.png", "huge.png", "gone.png"])
async def test_what_whatsapp_would_not_take_is_sent_by_its_address(
    phone: Phone, graph: FakeGraphServer, site: str, name: str
) -> None:
    await phone.say(picture(site, name))
    assert sent_files(graph) == [{"link": f"{site}/{name}", "caption": "Precios"}]
    assert graph.app.media.uploaded == {}


async def test_an_upload_that_fails_costs_nobody_her_picture(phone: Phone, graph: FakeGraphServer, site: str) -> None:
    graph.app.media.refuse_uploads = True
    await phone.say(picture(site))
    assert sent_files(graph) == [{"link": f"{site}/prices.png", "caption": "Precios"}]
    graph.app.media.refuse_uploads = False
    await phone.say(picture(site))
    assert "id" in sent_files(graph)[1]


async def test_an_expired_token_stops_the_channel_although_the_upload_noticed_first(
    phone: Phone, graph: FakeGraphServer, site: str
) -> None:
    graph.script(Fault("fail", status=401, code=190))
    graph.app.media.refuse_uploads = True
    with pytest.raises(Exception, match="stop_channel"):
        await phone.say(picture(site))


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/a.png", "http://169.254.169.254/latest", "file:///etc/passwd"])
async def test_an_address_inside_our_network_is_never_fetched(address: str) -> None:
    fetch = FileFetch(PUBLIC_ONLY)
    assert await fetch(address, 100) is None
    await fetch.close()
