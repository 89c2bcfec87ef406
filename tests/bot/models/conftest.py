"""The same conversations with a bot that loads the models: what it reads is the matter here."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.bot.conftest import Home, running_bot


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def home(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Home]:
    """A running bot with all its models."""
    async with running_bot(tmp_path_factory.mktemp("models"), "bot") as home:
        yield home
