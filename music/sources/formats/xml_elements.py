"""Yield the elements at given places of an XML document, keeping nothing else of it in memory."""

import re
from collections.abc import Container, Iterator
from functools import lru_cache
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from music.errors import Code, FileTooLarge, Problem, UnsupportedFormat

XmlError = expat.ExpatError
_CHUNK = 1_048_576  # bytes; what is cut in two is read twice, so an endless one as often as there are chunks
_MAX_DEPTH = 50
_MAX_PARTS = 10_000  # elements within an entry, or attributes of a tag; Rekordbox writes one for each beat
_MANY_ATTRIBUTES = re.compile(rb"<[^<=]*+(?:=[^<=]*+){10000}")
_LONGEST_NAME = 100  # characters
# The document type of every iTunes library. It is never fetched, and may declare nothing of its own.
_APPLE = ("-//Apple Computer//DTD PLIST 1.0//EN", "-//Apple//DTD PLIST 1.0//EN")


def elements(data: bytes, places: Container[str]) -> Iterator[tuple[str, Element]]:
    """Yield place and element for each element at one of `places`, such as "playlist/tracklist/track".

    Names are in small letters and without prefixes, in places and elements alike. Raises XmlError where the document is
    damaged, and UnsupportedFormat for encodings that nobody knows, document types and entities: who declares entities
    can make a short document endless, or have other files read. Raises FileTooLarge for a tag with more attributes,
    or an element at one of `places` with more elements in it, than any program writes.
    """
    if _MANY_ATTRIBUTES.search(data):
        raise _too_many_parts()
    handler = _Handler(places)
    for start in range(0, len(data) + 1, _CHUNK):
        chunk = data[start : start + _CHUNK]
        try:
            handler.parser.Parse(chunk, len(chunk) < _CHUNK)
        except (LookupError, ValueError):
            raise UnsupportedFormat(Problem(Code.XML_ENCODING)) from None
        yield from handler.take_completed()


class _Handler:
    """Follow expat's events and build the elements that are wanted."""

    def __init__(self, places: Container[str]) -> None:
        self._places = places
        self._path: list[str] = []
        self._builder = TreeBuilder()
        self._depth = self._parts = 0  # within the element being built
        self._found: list[tuple[str, Element]] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._document_type
        self.parser.EntityDeclHandler = self._entity

    def take_completed(self) -> list[tuple[str, Element]]:
        """Return the elements that were completed since the last call, with their places."""
        found, self._found = self._found, []
        return found

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(_plain(name))
        if len(self._path) > _MAX_DEPTH:
            raise _too_deep()
        if "/".join(self._path) in self._places:
            self._builder, self._depth, self._parts = TreeBuilder(), 0, 0
            self.parser.StartElementHandler, self.parser.EndElementHandler = (
                self._inner_start,
                self._inner_end,
            )
            self.parser.CharacterDataHandler = self._builder.data
            self._inner_start(name, attributes)

    def _end(self, _: str) -> None:
        self._path.pop()

    def _inner_start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._parts += 1
        if self._depth > _MAX_DEPTH:
            raise _too_deep()
        if self._parts > _MAX_PARTS:
            raise _too_many_parts()
        if attributes:
            attributes = {_plain(key): value for key, value in attributes.items()}
        self._builder.start(_plain(name), attributes)

    def _inner_end(self, name: str) -> None:
        self._depth -= 1
        self._builder.end(name)
        if not self._depth:
            self._found.append(("/".join(self._path), self._builder.close()))
            self.parser.StartElementHandler, self.parser.EndElementHandler = self._start, self._end
            self.parser.CharacterDataHandler = None
            self._path.pop()

    def _document_type(self, _: str, __: str | None, public: str | None, inner: int) -> None:
        if inner or public not in _APPLE:
            raise UnsupportedFormat(Problem(Code.XML_DOCUMENT_TYPE))

    def _entity(self, *_: object) -> None:
        raise UnsupportedFormat(Problem(Code.XML_ENTITIES))


def _too_deep() -> UnsupportedFormat:
    return UnsupportedFormat(Problem(Code.XML_TOO_DEEP))


def _too_many_parts() -> FileTooLarge:
    return FileTooLarge(Problem(Code.XML_TOO_MANY_PARTS, limit=_MAX_PARTS))


def _plain(name: str) -> str:
    """Return a name in small letters and without its prefix; one longer than any that is known becomes empty."""
    return _known(name) if len(name) <= _LONGEST_NAME else ""


@lru_cache(1000)
def _known(name: str) -> str:
    return name.rpartition(":")[2].casefold()
