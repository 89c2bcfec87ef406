"""Read the tensors of a TensorFlow checkpoint without TensorFlow.

A checkpoint is two files: raw numbers, and an index that says where each tensor lies among them. The index is a table
of LevelDB (doc/table_format.md there) from names to BundleEntryProto (tensorflow/core/protobuf/tensor_bundle.proto).
"""

import math
import struct
from collections.abc import Iterator
from itertools import chain

import numpy as np
from numpy.typing import NDArray

_FOOTER = 48  # bytes: two places, padding, a magic number
_MAGIC = 0xDB4775248B80FB57
_FLOAT = 1  # of tensorflow/core/framework/types.proto
_DTYPE, _SHAPE, _OFFSET, _SIZE = 1, 2, 4, 5  # fields of BundleEntryProto
_WIDTHS = {1: 8, 5: 4}  # bytes of protobuf's wire types of fixed width

Fields = dict[int, list[int | bytes]]


def read_bundle(index: bytes, data: bytes) -> dict[str, NDArray[np.float32]]:
    """Return all float32 tensors of an unsharded checkpoint by name; raises ValueError for what is none."""
    try:
        entries = [(key.decode(), _fields(value)) for key, value in _table(index) if key]
        return {name: _tensor(entry, data) for name, entry in entries if entry[_DTYPE] == [_FLOAT]}
    except (IndexError, KeyError, TypeError, struct.error) as error:
        raise ValueError("not the index of a TensorFlow checkpoint") from error


def _tensor(entry: Fields, data: bytes) -> NDArray[np.float32]:
    dimensions = [
        _fields(_bytes(size)) for shape in entry[_SHAPE] for size in _fields(_bytes(shape)).get(2, [])
    ]
    shape = [_number(size[1][0]) for size in dimensions]
    if 4 * math.prod(shape) != entry[_SIZE][0]:
        raise ValueError("a tensor's size is not that of its shape")
    at = _number(entry.get(_OFFSET, [0])[0])
    return np.frombuffer(data, "<f4", math.prod(shape), at).reshape(shape)


def _table(index: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield keys and values in their order.

    The last bytes say where a block of the places of all blocks lies.
    """
    footer = index[-_FOOTER:]
    if struct.unpack_from("<Q", footer, _FOOTER - 8) != (_MAGIC,):
        raise ValueError("not the index of a TensorFlow checkpoint")
    _, at = _place(footer, 0)  # of what describes filters, which this has none of
    blocks = (_place(handle, 0)[0] for _, handle in _block(index, *_place(footer, at)[0]))
    return chain.from_iterable(_block(index, *place) for place in blocks)


def _block(index: bytes, start: int, size: int) -> Iterator[tuple[bytes, bytes]]:
    """Yield the entries of an uncompressed block; each key is told by what it shares with the one before."""
    if index[start + size]:
        raise ValueError("the index is compressed")
    block = index[start : start + size]
    (restarts,) = struct.unpack_from("<I", block, size - 4)
    at, key = 0, b""
    while at < size - 4 * (restarts + 1):
        shared, at = _varint(block, at)
        own, at = _varint(block, at)
        length, at = _varint(block, at)
        key = key[:shared] + block[at : at + own]
        at += own + length
        yield key, block[at - length : at]


def _place(data: bytes, at: int) -> tuple[tuple[int, int], int]:
    """Return start and size of a block, and where the next thing begins."""
    start, at = _varint(data, at)
    size, at = _varint(data, at)
    return (start, size), at


def _fields(message: bytes) -> Fields:
    """Return the fields of a protobuf message by number."""
    fields: Fields = {}
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        value: int | bytes
        if tag & 7 == 0:
            value, at = _varint(message, at)
        else:
            length, at = (_WIDTHS[tag & 7], at) if tag & 7 in _WIDTHS else _varint(message, at)
            value, at = message[at : at + length], at + length
        fields.setdefault(tag >> 3, []).append(value)
    return fields


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return a number of seven bits a byte, the lowest first, and where the next thing begins."""
    value = shift = 0
    while data[at] & 128:
        value |= (data[at] & 127) << shift
        at, shift = at + 1, shift + 7
    return value | data[at] << shift, at + 1


def _number(value: int | bytes) -> int:
    if not isinstance(value, int):
        raise TypeError
    return value


def _bytes(value: int | bytes) -> bytes:
    if not isinstance(value, bytes):
        raise TypeError
    return value
