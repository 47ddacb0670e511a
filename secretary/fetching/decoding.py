"""Bodies that were sent compressed, unpacked a piece at a time, so that a bomb fills no memory before it meets the limit."""

import zlib
from collections.abc import Iterable, Iterator
from typing import Any, Final

from secretary.errors import FetchFailed, FetchRefused

ACCEPTED: Final = "gzip, deflate"
_PIECE: Final = 64 * 1024
_GZIP: Final = 16 + zlib.MAX_WBITS


def decoded(chunks: Iterable[bytes], coding: str) -> Iterator[bytes]:
    """What was sent before `coding`, the Content-Encoding (RFC 9110, 8.4), was applied; in pieces of 64 KiB at most."""
    name = coding.strip().lower()
    if name in {"", "identity"}:
        yield from chunks
    elif name in {"gzip", "x-gzip"}:
        yield from _inflated(chunks, _GZIP)
    elif name == "deflate":
        yield from _inflated(chunks, zlib.MAX_WBITS)
    else:
        raise FetchRefused("The server sent the file in a content encoding that was not asked for.")


def _inflated(chunks: Iterable[bytes], bits: int) -> Iterator[bytes]:
    unpacker: Any = zlib.decompressobj(bits)
    begun = False
    for chunk in chunks:
        rest = chunk
        while rest:
            if unpacker.eof:
                # A gzip file may have several members, one after the other (RFC 1952, 2.2).
                unpacker = zlib.decompressobj(bits)
            piece, unpacker = _unpack(unpacker, rest, raw_allowed=not begun and bits == zlib.MAX_WBITS)
            begun = True
            if piece:
                yield piece
            rest = unpacker.unconsumed_tail or unpacker.unused_data
    while begun and not unpacker.eof and (piece := unpacker.decompress(b"", _PIECE)):
        yield piece
    if begun and not unpacker.eof:
        raise FetchFailed("The compressed file ended too early.")


def _unpack(unpacker: Any, data: bytes, *, raw_allowed: bool) -> tuple[bytes, Any]:
    try:
        return unpacker.decompress(data, _PIECE), unpacker
    except zlib.error as error:
        if not raw_allowed:
            raise FetchRefused("The server said that the file is compressed, but it cannot be unpacked.") from error
    # Some servers send deflate without its zlib frame.
    bare = zlib.decompressobj(-zlib.MAX_WBITS)
    return _unpack(bare, data, raw_allowed=False)
