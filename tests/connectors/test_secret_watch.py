"""The watch itself: what it knows, and that it would notice."""

from __future__ import annotations

import logging

from tests.connectors.http.studio import SECRET
from tests.connectors.llm.engines import KEY
from tests.fakes.mail_server import PASSWORD
from tests.secret_watch import secrets_of_the_suite, watched


def test_the_secrets_of_every_provider_are_known() -> None:
    assert {KEY, SECRET, PASSWORD} <= secrets_of_the_suite()
    assert len(secrets_of_the_suite()) >= 10


def test_a_secret_in_a_message_an_argument_or_a_traceback_is_noticed() -> None:
    logger = logging.getLogger("connectors.pipeline")
    handlers, logging.getLogger().handlers[:] = logging.getLogger().handlers[:], []
    try:
        with watched("connectors") as watch:
            logger.info("nothing to see")
            logger.info("the key is %s", KEY)
            try:
                raise ValueError(PASSWORD)
            except ValueError:
                logger.exception("a defect")
    finally:
        logging.getLogger().handlers[:] = handlers
    assert len(watch.leaks) == 2
