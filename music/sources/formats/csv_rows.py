"""Split delimited text into rows, such that a stray quotation mark costs no more than its own cell."""

import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence

from music.errors import Code, Problem
from music.sources.formats.decoding import lines

MAX_LINE = 1_000_000  # characters
_MAX_LINES = 20  # of one row: more are not looked through for the end of a quoted cell


class Lines:
    """Iterate over the lines of a text; those that a row took by mistake can be handed back."""

    def __init__(self, text: str, skip: int = 0) -> None:
        self._lines = lines(text)
        self._again: deque[str] = deque()
        self.row: list[str] = []  # of which the present row is made
        self.count = 0
        while self.count < skip and next(self._lines, None):
            self.count += 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self.row.append(line)
        self.count += 1
        if len(line) > MAX_LINE or len(self.row) > _MAX_LINES:
            raise csv.Error
        return line

    def hand_back(self) -> str:
        """Keep the first line of the present row, which is returned, and put the others back."""
        self._again.extendleft(reversed(self.row[1:]))
        self.count -= len(self.row) - 1
        return self.row[0]


def rows(source: Lines, delimiter: str, width: int = 0) -> Iterator[list[str] | Problem]:
    """Yield the cells of each row, or why it can't be read.

    `width` is how many cells a whole row has, 0 where nobody knows.
    """
    reader = csv.reader(source, delimiter=delimiter, skipinitialspace=True, strict=True)
    while True:
        source.row = []
        try:
            row = next(reader, None)
            whole = row is None or len(source.row) == 1 or _is_whole(row, source.row, delimiter, width)
        except csv.Error:
            row, whole = [], False
        if row is None:
            return
        yield row if whole else _alone(source.hand_back(), delimiter)


def _is_whole(row: Sequence[str], taken: Sequence[str], delimiter: str, width: int) -> bool:
    """Tell whether several lines are one row: of full width, with no row within that a stray mark took in.

    A sentence has commas with blanks after them, so where there are but two lines those don't count.
    """
    if width < 2 or len(row) < width:
        return width < 2
    closed = re.compile(re.escape(delimiter) + "(?! )")
    ends = [len(closed.findall(line)) + 1 >= width for line in (taken[0], taken[-1])]
    return not all(ends) and not any(line.count(delimiter) + 1 >= width for line in taken[1:-1])


def _alone(line: str, delimiter: str) -> list[str] | Problem:
    """Split a line with a stray quotation mark: only what is closed before the next delimiter is quoted."""
    if len(line) > MAX_LINE:
        return Problem(Code.LONG_LINE, limit=MAX_LINE)
    mark = re.escape(delimiter)
    cell = re.compile(rf' *(?:"((?:[^"]|"")*+)" *|([^{mark}]*))(?:{mark}|$)')
    found = list(cell.finditer(line.rstrip("\r\n")))
    if len(found) > 1 and not line.rstrip("\r\n").endswith(delimiter):
        del found[-1]  # the empty match at the end
    return [_bare(part[2]) if part[1] is None else part[1].replace('""', '"') for part in found]


def _bare(cell: str) -> str:
    return cell.removeprefix('"') if cell.count('"') % 2 else cell
