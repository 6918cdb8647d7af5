"""The pools that were found, and what the owner answered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from firmware.household.kept import Doc, Kept, now_as_text
from firmware.numbers import understand
from firmware.screening import Answer, Found, Says, Wish

MOST_ANSWERS = 500


class KeptPools(Kept):
    """What is known of look-alikes. A pool is named by its numbers as rules write them (`1621012????`)."""

    def found_pools(self, at: datetime | None = None) -> list[Doc]:
        """The pools that call, the one that called last first: `Found` with moments in ISO 8601, and

        `answer`: what the owner answered, where that still holds; `blocked`: whether its next new number would be.
        """
        screening, now = self.screening, at or datetime.now(UTC)
        found = {one.match: one for one in screening.found_pools(now)}
        for _, doc in self._table("pools").raw():
            match = str(doc["match"])
            if match not in found and screening.pools.calls_lately(match, now):
                about = screening.about_pool(match, now)
                if about:
                    found[match] = about
        shown = [self._shown(one, now) for one in found.values()]
        return sorted(shown, key=lambda pool: str(pool["last"]), reverse=True)

    def past_pools(self) -> list[Doc]:
        """The answers about pools that call no more, newest first: `{"id", "match", "answer", "created"}`."""
        now = datetime.now(UTC)
        return [
            {"id": doc.doc_id, **{name: doc[name] for name in ("match", "answer", "created")}}
            for doc in self._table("pools").newest(MOST_ANSWERS)
            if not self.screening.pools.calls_lately(str(doc["match"]), now)
        ]

    def pool_of(self, normal: str, at: datetime | None = None) -> str | None:
        """The pool to which a number belongs, found or answered about; None where it is in none."""
        screening, now = self.screening, at or datetime.now(UTC)
        number = understand(normal, screening.policy.region, screening.policy.area)
        answer = screening.answer(number, now)
        if answer and answer.says is Says.BLOCK:
            return answer.match
        return screening.pool(number, now)

    def answer_pool(self, match: str, answer: str | None) -> Doc:
        """Keep what the owner says of a pool: `block`, `allow` or `later`; None takes the answer back.

        Gives the pool as `found_pools`. Raises ValueError with the code `pool` where nobody calls from it, or `answer`;
        OSError.
        """
        if answer is not None and answer not in tuple(Says):
            raise ValueError("answer")
        pools, now = self.screening.pools, datetime.now(UTC)
        found = self.screening.about_pool(match, now)
        if found is None:
            raise ValueError("pool")
        with self._changing:
            before = self.screening.answers.about(match)
            if answer is None:
                self._forget_answers([before] if before else [])
            else:
                doc = {
                    "match": match,
                    "answer": answer,
                    "friends": pools.friends(match),
                    "created": now_as_text(),
                }
                kept = self._keep("pools", before.id if before else None, doc)
                self.screening.answers.put(Answer.of(kept["id"], doc))
                self._forget_answers(self.screening.answers.oldest_beyond(MOST_ANSWERS))
        self._on_change("pools", 0)
        return self._shown(found, now)

    def _forget_answers(self, answers: Iterable[Answer]) -> None:
        for answer in answers:
            self._remove("pools", answer.id)
            self.screening.answers.drop(answer.match)

    def _shown(self, found: Found, now: datetime) -> Doc:
        screening = self.screening
        answer = screening.standing(screening.answers.over(found.match, now), now)
        blocked = answer.says is Says.BLOCK if answer else screening.policy.pools is Wish.BLOCK
        return {
            **found._asdict(),
            "first": _text(found.first),
            "last": _text(found.last),
            "latest": list(found.latest),
            "answer": str(answer.says) if answer else None,
            "blocked": blocked,
        }


def _text(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).isoformat(timespec="seconds")
