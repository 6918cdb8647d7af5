"""The encoding of a file, and of values in it, found by content."""

from __future__ import annotations

import codecs
import io

_HEAD = 4096
_PIECE = 1024 * 1024
_ASCII = bytes(range(128))
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_CHARSETS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "cp936": "gb18030",
    "big5": "big5hkscs",
    "iso-8859-1": "cp1252",
    "windows-1252": "cp1252",
    "iso-8859-15": "iso8859-15",
    "windows-1250": "cp1250",
    "windows-1251": "cp1251",
    "koi8-r": "koi8-r",
    "shift_jis": "cp932",
    "euc-jp": "euc_jp",
    "euc-kr": "cp949",
}
"""The names that exporters give (IANA's, lower case), and the codec that covers each: a closed list, since some
of Python's codecs are no encodings of text and some take quadratic time."""


def recognise(data: bytes) -> tuple[bytes, str]:
    """A file as bytes in which ASCII stands for itself, and their encoding: "utf-8" or "gb18030".

    UTF-16 is known by its mark or by the zeros of its ASCII characters, and comes back as UTF-8. A file is UTF-8
    where at most a tenth of its other bytes make no sense as such; a line may be folded within a character.
    """
    wide = _UTF16.get(data[:2]) or _zeros(data[:_HEAD])
    if wide:
        return _as_utf8(data, wide), "utf-8"
    damaged = others = 0
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    for start in range(0, len(data), _PIECE):
        piece = data[start : start + _PIECE]
        if not piece.isascii():
            unfolded = piece.replace(b"\r\n ", b"").replace(b"\n ", b"")
            damaged += decoder.decode(unfolded).count("\ufffd") - unfolded.count(b"\xef\xbf\xbd")
            others += len(piece.translate(None, _ASCII))
    return data, "utf-8" if damaged * 10 <= others else "gb18030"


def decode(octets: bytes, charset: str, encoding: str) -> str:
    """A value whose writer called its encoding `charset` ("" for none), in a file that is in `encoding`.

    What makes no sense there may be UTF-8, or GB18030 where no encoding was named; else U+FFFD takes the place of
    what is lost.
    """
    if octets.isascii():
        return octets.decode("ascii")
    own = _CHARSETS.get(charset.lower())
    candidates = (own, "utf-8") if own else (encoding, "utf-8", "gb18030")
    for candidate in candidates:
        try:
            return octets.decode(candidate)
        except UnicodeDecodeError:
            continue
    return octets.decode(candidates[0], "replace")


def _zeros(head: bytes) -> str | None:
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) * 10 < len(head) or min(even, odd) * 4 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _as_utf8(data: bytes, wide: str) -> bytes:
    decoder = codecs.getincrementaldecoder(wide)("replace")
    narrow = io.BytesIO()
    for start in range(0, len(data), _PIECE):
        narrow.write(decoder.decode(data[start : start + _PIECE]).encode("utf-8"))
    return narrow.getvalue()
