"""Where each document of a table lies in the journal: sixteen bytes a document."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import compress, islice

REMOVED = -1

Places = tuple[Sequence[int], Sequence[int]]
"""Ids, and as many offsets."""


class Index:
    """Document ids in rising order, and beside each the offset of its line."""

    def __init__(self) -> None:
        self._ids = array("q")
        self._offsets = array("q")
        self._removed = 0
        self.highest = 0

    def __len__(self) -> int:
        return len(self._ids) - self._removed

    def __contains__(self, id: int) -> bool:
        return self.get(id) is not None

    def get(self, id: int) -> int | None:
        """The offset of a document's line, or None."""
        at = bisect_left(self._ids, id)
        if at < len(self._ids) and self._ids[at] == id and self._offsets[at] != REMOVED:
            return self._offsets[at]
        return None

    def put(self, id: int, offset: int) -> None:
        at = len(self._ids) if id > self.highest else bisect_left(self._ids, id)
        self.highest = max(self.highest, id)
        if at < len(self._ids) and self._ids[at] == id:
            self._removed -= self._offsets[at] == REMOVED
            self._offsets[at] = offset
        else:
            self._ids.insert(at, id)
            self._offsets.insert(at, offset)

    def put_all(self, ids: Sequence[int], offsets: Sequence[int]) -> None:
        """Put many; quick where the ids rise and are higher than all before."""
        if ids and ids[0] > self.highest and all(map(int.__lt__, ids, ids[1:])):
            self._ids.extend(ids)
            self._offsets.extend(offsets)
            self.highest = ids[-1]
        else:
            for id, offset in zip(ids, offsets, strict=True):
                self.put(id, offset)

    def remove(self, id: int) -> None:
        if self.get(id) is None:
            return
        self._offsets[bisect_left(self._ids, id)] = REMOVED
        self._removed += 1
        if 2 * self._removed > len(self._ids):
            ids, offsets = self.places()
            self._ids, self._offsets = array("q", ids), array("q", offsets)
            self._removed = 0

    def places(self) -> Places:
        """Every id and offset as they are now, by rising id."""
        ids, offsets = self._ids[:], self._offsets[:]
        if not self._removed:
            return ids, offsets
        there = [offset != REMOVED for offset in offsets]
        return list(compress(ids, there)), list(compress(offsets, there))

    def below(self, before: int | None, limit: int) -> Places:
        """The `limit` highest ids below `before`, highest first, with their offsets."""
        at = len(self._ids) if before is None else bisect_left(self._ids, before)
        return self._there(range(at - 1, -1, -1), limit)

    def lowest(self, limit: int) -> Places:
        """The `limit` lowest ids, lowest first, with their offsets."""
        return self._there(range(len(self._ids)), limit)

    def _there(self, positions: Iterable[int], limit: int) -> Places:
        there = list(islice((at for at in positions if self._offsets[at] != REMOVED), limit))
        return [self._ids[at] for at in there], [self._offsets[at] for at in there]
