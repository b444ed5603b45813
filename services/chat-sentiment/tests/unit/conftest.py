"""The reader with the package's own tables, made once."""

import pytest

from tldr_chat_sentiment.adapters.text_reader_vader import text_reader
from tldr_chat_sentiment.domain.reading import TextReader


@pytest.fixture(scope="session")
def read() -> TextReader:
    return text_reader()
