"""The calls that are under way at a proxy, from what Kamailio tells of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from firmware.call import Call, CallerId

RING_SECONDS = 5.0
"""From one ring to the next (ITU-T E.180, supplement 2): a SIP phone does not tell how often it rang."""
MOST_CALLS = 1000
LONGEST_SECONDS = 12 * 3600.0


@dataclass(slots=True)
class Course:
    """How a call goes. `branches`: the transactions that are still under way, of a call that the provider has forked;
    times are monotonic seconds."""

    call: Call
    id: tuple[str, str]
    cseq: str
    began: float
    branches: set[str] = field(default_factory=set)
    rang: float | None = None
    answered: tuple[str, float] | None = None


class Calls:
    """The state of every call under way. Times are monotonic seconds given by the caller."""

    def __init__(self, line: str) -> None:
        self.line = line
        self._courses: dict[tuple[str, str], Course] = {}
        self._by_branch: dict[str, Course] = {}

    def invited(self, id: tuple[str, str], cseq: str, branch: str, caller: CallerId, now: float) -> Call:
        """The call to which an INVITE belongs: a new one, or one that the provider has forked."""
        course = self._courses.get(id)
        if course is None:
            course = self._courses[id] = Course(Call(self.line, datetime.now(UTC), caller), id, cseq, now)
        course.branches.add(branch)
        self._by_branch[branch] = course
        return course.call

    def ringing(self) -> Iterator[tuple[Call, str, str]]:
        """The calls that were let through and ring, with their Call-ID and the number of their request."""
        for course in list(self._courses.values()):
            if not course.call.over:
                yield course.call, course.id[0], course.cseq

    def rang(self, branch: str, now: float) -> Iterator[Call]:
        course = self._by_branch.get(branch)
        if course and course.rang is None and not course.call.over:
            course.rang, course.call.rings = now, 1
            yield course.call

    def answered(self, branch: str, now: float) -> Iterator[Call]:
        course = self._by_branch.get(branch)
        if course and not course.call.over:
            course.answered = branch, now
            course.call.talked = 0.0
            yield _over(course, now)

    def ended(self, branch: str, now: float) -> Iterator[Call]:
        """A branch is over; with the last one, or the one that was answered, the call is."""
        course = self._by_branch.pop(branch, None)
        if course is None:
            return
        course.branches.discard(branch)
        if course.answered and course.answered[0] == branch:
            course.call.talked = round(now - course.answered[1], 1)
            yield course.call
        elif not course.branches and not course.call.over:
            yield _over(course, now)
        if not course.branches:
            self._forget(course)

    def abandon(self, now: float) -> Iterator[Call]:
        """Nothing more will be heard of any call."""
        courses = list(self._courses.values())
        self._courses.clear()
        self._by_branch.clear()
        for course in courses:
            if not course.call.over:
                yield _over(course, now)

    def tick(self, now: float) -> Iterator[Call]:
        """Give up what has lasted too long to be still there, or is one too many."""
        for course in list(self._courses.values()):
            if now - course.began < LONGEST_SECONDS and len(self._courses) <= MOST_CALLS:
                return
            self._forget(course)
            if not course.call.over:
                yield _over(course, now)

    def _forget(self, course: Course) -> None:
        self._courses.pop(course.id, None)
        for branch in course.branches:
            self._by_branch.pop(branch, None)


def _over(course: Course, now: float) -> Call:
    call = course.call
    call.duration, call.over = now - course.began, True
    if course.rang is not None:
        call.rings = 1 + int((now - course.rang) / RING_SECONDS)
    return call
