"""Markup into text and entities: offsets in UTF-16, complaints in Telegram's words."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.entities import (
    FormattedText,
    ParseError,
    parse_html,
    parse_markdown,
    parse_markdown_v2,
    with_detected_entities,
)

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def covered(formatted: FormattedText) -> list[tuple[str, str]]:
    """Each entity's type and the words that it covers."""
    units = formatted.text.encode("utf-16-le")
    return [
        (e["type"], units[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le"))
        for e in formatted.entities
    ]


@given(_TEXT)
def test_escaped_html_comes_back_as_it_was(text: str) -> None:
    assert parse_html(html.escape(text).replace("&#x27;", "'")) == FormattedText(text)


@given(_TEXT)
def test_escaped_markdown_comes_back_as_it_was(text: str) -> None:
    escaped = re.sub(r"([_*\[\]()~`>#+\-=|{}.!\\])", r"\\\1", text)
    assert parse_markdown_v2(escaped) == FormattedText(text)


@given(_TEXT, _TEXT.filter(bool), _TEXT)
def test_an_entity_covers_its_words_in_utf16(before: str, inside: str, after: str) -> None:
    marked = f"{html.escape(before)}<b>{html.escape(inside)}</b>{html.escape(after)}"
    assert covered(parse_html(marked)) == [("bold", inside)]


@given(st.text("<>/abi&;\"'= \n"))
def test_any_html_is_parsed_or_refused(markup: str) -> None:
    try:
        formatted = parse_html(markup)
    except ParseError:
        return
    assert all(words for _, words in covered(formatted))


@given(st.text("_*[]()~`>|!\\\nab "))
def test_any_markdown_is_parsed_or_refused(markup: str) -> None:
    for parse in (parse_markdown_v2, parse_markdown):
        try:
            formatted = parse(markup)
        except ParseError:
            continue
        assert all(words for _, words in covered(formatted))


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<b>a<i>b</i></b>", [("bold", "ab"), ("italic", "b")]),
        ("<STRONG>a</STRONG><em>b</em>", [("bold", "a"), ("italic", "b")]),
        ("<u>a</u><ins>b</ins>", [("underline", "a"), ("underline", "b")]),
        ("<s>a</s><del>b</del>", [("strikethrough", "a"), ("strikethrough", "b")]),
        ('<span class="tg-spoiler">a</span><tg-spoiler>b</tg-spoiler>', [("spoiler", "a"), ("spoiler", "b")]),
        ("<code>&lt;b&gt;</code>", [("code", "<b>")]),
        ("<blockquote expandable>a</blockquote>", [("expandable_blockquote", "a")]),
        ("<b></b>x", []),
        ("<b>a</>", [("bold", "a")]),
    ],
)
def test_html(markup: str, expected: list[tuple[str, str]]) -> None:
    assert covered(parse_html(markup)) == expected


def test_html_links_code_and_emoji_keep_their_arguments() -> None:
    formatted = parse_html(
        "<a href='https://a.example/?x=1&amp;y=2'>a</a>"
        '<pre><code class="language-python">b</code></pre>'
        '<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>'
    )
    assert formatted.text == "ab👍"
    assert list(formatted.entities) == [
        {"type": "text_link", "url": "https://a.example/?x=1&y=2", "offset": 0, "length": 1},
        {"type": "pre", "language": "python", "offset": 1, "length": 1},
        {"type": "custom_emoji", "custom_emoji_id": "5368324170671202286", "offset": 2, "length": 2},
    ]


@pytest.mark.parametrize(
    ("markup", "complaint"),
    [
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("ä<b", "Unclosed start tag at byte offset 2"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("ä<h1>a</h1>", 'Unsupported start tag "h1" at byte offset 2'),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_what_is_wrong_with_html(markup: str, complaint: str) -> None:
    with pytest.raises(ParseError, match=f"^{re.escape(complaint)}$"):
        parse_html(markup)


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("*a _b_*", [("bold", "a b"), ("italic", "b")]),
        ("__a__", [("underline", "a")]),
        ("_a __b___", [("italic", "a b"), ("underline", "b")]),
        ("~a~||b||", [("strikethrough", "a"), ("spoiler", "b")]),
        ("`a*b`", [("code", "a*b")]),
        ("```\na.b\n```", [("pre", "a.b\n")]),
        ("[a](https://x.example)", [("text_link", "a")]),
        (">a\n>b\nc", [("blockquote", "a\nb")]),
        (r"a\.b\*", []),
        ("**", []),
    ],
)
def test_markdown_v2(markup: str, expected: list[tuple[str, str]]) -> None:
    assert covered(parse_markdown_v2(markup)) == expected


def test_markdown_v2_keeps_arguments() -> None:
    formatted = parse_markdown_v2(
        "[a](https://x.example/\\)b)```python\nb```![👍](tg://emoji?id=5368324170671202286)"
    )
    assert formatted.text == "ab👍"
    assert [entity.get("url") for entity in formatted.entities] == ["https://x.example/)b", None, None]
    assert formatted.entities[1]["language"] == "python"
    assert formatted.entities[2]["custom_emoji_id"] == "5368324170671202286"


@pytest.mark.parametrize(
    ("markup", "complaint"),
    [
        ("a.", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("a>", "Character '>' is reserved and must be escaped with the preceding '\\'"),
        ("a!", "Character '!' is reserved and must be escaped with the preceding '\\'"),
        ("a|b", "Character '|' is reserved and must be escaped with the preceding '\\'"),
        ("ä*b", "Can't find end of Bold entity at byte offset 2"),
        ("```x", "Can't find end of Pre entity at byte offset 0"),
        (">*a\nb*", "Can't find end of Bold entity at byte offset 1"),
        ("[a](b", "Can't find end of a URL at byte offset 4"),
    ],
)
def test_what_is_wrong_with_markdown_v2(markup: str, complaint: str) -> None:
    with pytest.raises(ParseError, match=f"^{re.escape(complaint)}$"):
        parse_markdown_v2(markup)


def test_the_old_markdown() -> None:
    formatted = parse_markdown(r"*a* _b_ `c` \*d [e](https://x.example) ```f```")

    assert formatted.text == "a b c *d e f"
    assert [kind for kind, _ in covered(formatted)] == ["bold", "italic", "code", "text_link", "pre"]
    with pytest.raises(ParseError, match=r"^Can't find end of the entity starting at byte offset 2$"):
        parse_markdown("a *b")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/start now", [("bot_command", "/start")]),
        ("go /help@attune_bot!", [("bot_command", "/help@attune_bot")]),
        ("a/b 1/2 http", []),
        ("see https://www.deezer.com/playlist/1?x=2.", [("url", "https://www.deezer.com/playlist/1?x=2")]),
        ("open.spotify.com/playlist/x", [("url", "open.spotify.com/playlist/x")]),
        ("@somebody #music", [("mention", "@somebody"), ("hashtag", "#music")]),
        ("ana@example.org", [("email", "ana@example.org")]),
        ("😀 /start", [("bot_command", "/start")]),
    ],
)  # fmt: skip
def test_what_telegram_finds_by_itself(text: str, expected: list[tuple[str, str]]) -> None:
    assert covered(with_detected_entities(FormattedText(text))) == expected


def test_nothing_is_found_inside_code_and_links() -> None:
    formatted = parse_html('<code>/start</code> <a href="https://a.example">/help</a> /go')
    assert [words for kind, words in covered(with_detected_entities(formatted)) if kind == "bot_command"] == [
        "/go"
    ]


def test_trimming_moves_entities() -> None:
    formatted = parse_html(" \n<b> a</b> \n").trimmed()

    assert formatted.text == "a"
    assert covered(formatted) == [("bold", "a")]
