"""Which texts are addresses: those that the pattern of before took, however long they are."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.updates.pasted_links import is_address

# What is an address, as a pattern, whose time grows with the cube of the length of a text.
PATTERN = re.compile(r"^\s*(?:(?:https?://|spotify:playlist:)\S+|\S+\?(?:\S*&)?state=\S+)\s*$")

pieces = st.sampled_from(
    ["https://", "http://", "spotify:playlist:", "a", "/", "?", "&", "state=", "=", " ", "\n", "é"]
)


@given(st.lists(pieces, max_size=9).map("".join))
def test_a_text_is_an_address_where_the_pattern_says_so(text: str) -> None:
    assert is_address(text) == (PATTERN.match(text) is not None)


@pytest.mark.parametrize(
    "text",
    ["https://deezer.com/playlist/1", "  spotify:playlist:x ", "127.0.0.1:8888/callback?code=a&state=b"],
)
def test_what_people_paste_is_an_address(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize("piece", ["?", "?&", "a?state", "&state=", "https://", " "])
def test_time_grows_with_the_length_alone(piece: str) -> None:
    def seconds(count: int) -> float:
        text, begin = piece * count, time.process_time()
        for _ in range(20):
            is_address(text)
        return time.process_time() - begin

    short, long = min(seconds(2_000) for _ in range(5)), min(seconds(32_000) for _ in range(5))
    assert long < 64 * short + 0.01  # 16 times the length; a square would be 256 times as long
