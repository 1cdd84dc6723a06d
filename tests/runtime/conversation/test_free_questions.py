"""A free question: who answers it, what it costs the business, and how often it may be asked."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.llm.port import TokenUsage
from connectors.llm.usage import MonthUse
from runtime.ports.inbox_store import ContactKey
from runtime.ports.state_store import StateStorePort
from runtime.ports.telemetry_store import EntryKind
from runtime.store.sqlite import SQLiteStateStore
from tests.runtime.desk import NOW, ORACLE, config, open_desk

ANA = ContactKey("http_dev", "ana")


async def test_a_free_question_is_answered_charged_once_and_leaves_the_state_alone(store: StateStorePort) -> None:
    async with open_desk(store, config({"llm": ORACLE})) as desk:
        await desk.ask("m1", "hola")
        await desk.ask("m2", "¿abrís hoy?")
        await desk.quiet()
        snapshot = await store.conversations.load(ANA)
        assert snapshot is not None
        assert desk.channel.texts()[:2] == ["Menú", "Sí, hasta las 20."]
        assert snapshot.state == "MENU"
        assert desk.llm.asked == ["¿abrís hoy?"]
        assert await store.usage.month_use("2026-03") == MonthUse(TokenUsage(fresh_input=30), 0)


async def test_beyond_the_months_quota_nobody_is_asked_and_nothing_is_charged(store: StateStorePort) -> None:
    async with open_desk(store, config({"llm": ORACLE}, quota=30)) as desk:
        for number, words in enumerate(("hola", "¿abrís hoy?", "¿abrís hoy?")):
            await desk.ask(f"m{number}", words)
        await desk.quiet()
        assert desk.llm.asked == ["¿abrís hoy?"]
        assert desk.channel.texts().count("Sí, hasta las 20.") == 1
        assert await store.usage.month_use("2026-03") == MonthUse(TokenUsage(fresh_input=30), 0)


async def test_two_customers_who_ask_together_do_not_pass_the_quota(store: StateStorePort) -> None:
    async with open_desk(store, config({"llm": ORACLE}, quota=1)) as desk:
        for contact in ("ana", "bruno"):
            await desk.ask(f"{contact}-1", "hola", contact)
        await desk.quiet()
        await asyncio.gather(*(desk.ask(f"{contact}-2", "¿abrís hoy?", contact) for contact in ("ana", "bruno")))
        await desk.quiet()
        assert desk.llm.asked == ["¿abrís hoy?"]
        assert await store.usage.month_use("2026-03") == MonthUse(TokenUsage(fresh_input=30), 0)


async def test_what_the_month_costs_is_announced_at_its_marks(
    store: StateStorePort, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_desk(store, config({"llm": ORACLE}, quota=60)) as desk:
        await desk.ask("m0", "hola")
        for number in range(1, 4):
            await desk.ask(f"m{number}", "¿abrís hoy?")
        await desk.quiet()
    told = [record.getMessage() for record in caplog.records if "llm_quota" in record.getMessage()]
    assert told == [
        "llm_quota mark=50% used=30 quota=60",
        "llm_quota mark=80% used=60 quota=60",
        "llm_quota mark=100% used=60 quota=60",
    ]


async def test_a_new_month_in_the_tenants_zone_has_a_new_quota(store: StateStorePort) -> None:
    async with open_desk(store, config({"llm": ORACLE}, quota=30)) as desk:
        await desk.ask("m1", "hola")
        await desk.ask("m2", "¿abrís hoy?")
        await desk.quiet()
        # 22:30 UTC on 31 March is already April in Madrid.
        desk.clock.advance((NOW.replace(day=31, hour=22) - desk.clock.now()).total_seconds())
        await desk.ask("m3", "¿abrís hoy?")
        await desk.quiet()
        assert desk.llm.asked == ["¿abrís hoy?"] * 2
        assert await store.usage.month_use("2026-04") == MonthUse(TokenUsage(fresh_input=30), 0)


async def test_one_customer_asks_so_often_a_day_and_another_still_may(store: StateStorePort) -> None:
    twice = replace(config({"llm": ORACLE}), questions_per_contact_per_day=2)
    async with open_desk(store, twice) as desk:
        for number, words in enumerate(("hola", *["¿abrís hoy?"] * 4)):
            await desk.ask(f"m{number}", words)
        await desk.ask("b1", "hola", "bruno")
        await desk.ask("b2", "¿abrís hoy?", "bruno")
        await desk.quiet()
        assert desk.llm.asked == ["¿abrís hoy?"] * 3
        assert desk.channel.texts().count("Sí, hasta las 20.") == 3
        desk.clock.advance(24 * 3600)
        await desk.ask("m9", "¿abrís hoy?")
        await desk.quiet()
        assert len(desk.llm.asked) == 4


@pytest.mark.parametrize("wanted", [True, False])
async def test_where_nobody_can_be_asked_the_document_is_quoted_if_the_tenant_wants_that(
    store: StateStorePort, wanted: bool
) -> None:
    known = replace(
        config({"llm": ORACLE}, quota=0),
        knowledge_markdown="# Casa\n\n## Parking\n\nHay un parking público en la plaza.",
        keyword_answers=wanted,
    )
    async with open_desk(store, known) as desk:
        await desk.ask("m1", "hola")
        await desk.ask("m2", "¿tenéis parking?")
        await desk.ask("m3", "¿vendéis coches?")
        await desk.quiet()
        assert desk.llm.asked == []
        assert ("Hay un parking público en la plaza." in desk.channel.texts()) is wanted
        assert len(desk.channel.texts()) >= 3


async def test_the_customers_own_last_words_go_along_with_a_question(store: StateStorePort) -> None:
    async with open_desk(store, config({"llm": ORACLE})) as desk:
        await desk.ask("m1", "hola")
        await desk.ask("m2", "¿abrís hoy?")
        await desk.ask("b1", "nada que ver", "bruno")
        desk.clock.advance(60)
        await desk.ask("m3", "¿y el sábado?")
        await desk.quiet()
        desk.clock.advance(3600)
        await desk.ask("m4", "¿y mañana?")
        await desk.quiet()
        assert desk.llm.contexts == [("hola",), ("hola", "¿abrís hoy?"), ()]


async def test_the_marks_of_the_month_are_told_once_to_the_control_plane(tmp_path: Path) -> None:
    store = SQLiteStateStore(tmp_path / "state.db")
    await store.open()
    async with open_desk(store, config({"llm": ORACLE}, quota=60)) as desk:
        await desk.ask("m0", "hola")
        for number in range(1, 5):
            await desk.ask(f"m{number}", "¿abrís hoy?")
        await desk.quiet()
        bound = await store.telemetry.bind("r1", most_turns=50, most_entries=50)
    notices = [(entry["id"], entry["kind"], entry["detail"]) for entry in bound.entries[EntryKind.NOTICE]]
    assert notices == [
        ("llm_quota:2026-03:50", "llm_quota", "50 % of the tokens of 2026-03 are used: 30 of 60."),
        ("llm_quota:2026-03:80", "llm_quota", "80 % of the tokens of 2026-03 are used: 60 of 60."),
        ("llm_quota:2026-03:100", "llm_quota", "100 % of the tokens of 2026-03 are used: 60 of 60."),
    ]


async def test_without_an_answer_engine_a_free_question_gets_the_safe_sentence(store: StateStorePort) -> None:
    async with open_desk(store, config({})) as desk:
        await desk.ask("m1", "hola")
        await desk.ask("m2", "¿abrís hoy?")
        await desk.quiet()
        assert desk.channel.texts()[0] == "Menú"
        assert len(desk.channel.texts()) >= 2
        assert (await store.counts()).inbox_dead == 0
