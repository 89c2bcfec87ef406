"""The elements at given places of an XML document, one at a time: nothing else of it is kept in memory."""

from collections.abc import Container, Iterator
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from music.sources.errors import UnsupportedFormat

XmlError = expat.ExpatError
_CHUNK = 65_536
_MAX_DEPTH = 50
# The document type of every iTunes library. It is never fetched, and may declare nothing of its own.
_APPLE = ("-//Apple Computer//DTD PLIST 1.0//EN", "-//Apple//DTD PLIST 1.0//EN")


def elements(data: bytes, places: Container[str]) -> Iterator[tuple[str, Element]]:
    """Place and element for each element at one of `places`, such as "playlist/tracklist/track".

    Names are in small letters and without prefixes, in places and elements alike. Raises XmlError where the
    document is damaged, and UnsupportedFormat for document types and entities: who declares entities can
    make a short document endless, or have other files read.
    """
    handler = _Handler(places)
    for start in range(0, len(data), _CHUNK):
        handler.parser.Parse(data[start : start + _CHUNK])
        yield from handler.take()
    handler.parser.Parse(b"", True)
    yield from handler.take()


class _Handler:
    """Follows expat's events and builds the elements that are wanted."""

    def __init__(self, places: Container[str]) -> None:
        self._places = places
        self._path: list[str] = []
        self._wanted = 0  # the depth of the element being built
        self._builder = TreeBuilder()
        self._found: list[tuple[str, Element]] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._document_type
        self.parser.EntityDeclHandler = self._entity

    def take(self) -> list[tuple[str, Element]]:
        """What was completed since the last call."""
        found, self._found = self._found, []
        return found

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(_plain(name))
        if len(self._path) > _MAX_DEPTH:
            raise UnsupportedFormat("This XML file is nested deeper than any playlist.")
        if not self._wanted and "/".join(self._path) in self._places:
            self._wanted, self._builder = len(self._path), TreeBuilder()
        if self._wanted:
            self._builder.start(self._path[-1], {_plain(key): value for key, value in attributes.items()})

    def _end(self, _: str) -> None:
        if self._wanted:
            self._builder.end(self._path[-1])
            if self._wanted == len(self._path):
                self._found.append(("/".join(self._path), self._builder.close()))
                self._wanted = 0
        self._path.pop()

    def _text(self, text: str) -> None:
        if self._wanted:
            self._builder.data(text)

    def _document_type(self, _: str, __: str | None, public: str | None, inner: int) -> None:
        if inner or public not in _APPLE:
            raise UnsupportedFormat("This XML file has a document type of its own, which I don't read.")

    def _entity(self, *_: object) -> None:
        raise UnsupportedFormat("This XML file declares entities, which I don't read.")


def _plain(name: str) -> str:
    return name.rpartition(":")[2].casefold()
