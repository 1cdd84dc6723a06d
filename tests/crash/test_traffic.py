"""What a contact's webhooks bring: everything once, the overtaken behind."""

from __future__ import annotations

import random

from tests.crash.traffic import Contact

WEBHOOKS = 400


def delivered(seed: int) -> list[list[str]]:
    """The webhooks of one contact, each acknowledged at once, and what was still held at the end."""
    contact, chance, webhooks = Contact("34600", 1), random.Random(seed), []
    for turn in range(2 * WEBHOOKS):
        writing = turn < WEBHOOKS
        if not writing and not contact.has_undelivered:
            break
        contact.fill(chance, writing=writing)
        webhooks.append([written.message_id for written in contact.at_the_provider])
        contact.at_the_provider = []
    return webhooks


def test_nothing_is_kept_back_for_good_and_nothing_comes_twice() -> None:
    brought = [message for webhook in delivered(1) for message in webhook]
    written = Contact("34600", 1).written
    assert sorted(brought) == sorted(next(written).message_id for _ in brought)


def test_an_older_message_comes_behind_in_the_same_webhook_and_in_later_ones() -> None:
    webhooks = delivered(1)
    place = {message: index for index, webhook in enumerate(webhooks) for message in webhook}
    late = set()
    for index, webhook in enumerate(webhooks):
        for message in webhook:
            turn = message.removesuffix(".0")
            if turn != message and place.get(f"{turn}.1", WEBHOOKS) <= index:
                late.add(index - place[f"{turn}.1"])
    assert {0, 1, 2, 3} <= late


def test_what_had_no_200_comes_again_as_it_was() -> None:
    contact, chance = Contact("34600", 1), random.Random(1)
    contact.fill(chance, writing=True)
    first = list(contact.at_the_provider)
    contact.fill(chance, writing=True)
    assert contact.at_the_provider == first
