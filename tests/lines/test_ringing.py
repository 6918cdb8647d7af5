"""One ringing is one call, from its first sign to its end."""

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from firmware.call import Absence, CallerId
from firmware.callerid.events import Hook, Ring
from firmware.lines.ringing import Began, Change, Ended, Known, Rang, Ringing, Talked

RING = Ring("RING")


def play(ringing: Ringing, *script: tuple[float, Ring | CallerId | None]) -> list[Change]:
    """Take events at their seconds; None only lets the time pass."""
    return [
        change
        for at, event in script
        for change in (ringing.tick(at) if event is None else ringing.take(event, at))
    ]


def kinds(changes: Iterable[Change]) -> list[type]:
    return [type(change) for change in changes]


def test_a_ring_without_caller_id_is_a_call() -> None:
    changes = play(Ringing("modem"), (0, RING), (5, RING), (11, None))
    assert kinds(changes) == [Began, Rang, Rang, Ended]
    call = changes[0].call
    assert (call.rings, call.duration, call.caller_id, call.over) == (2, 5, None, True)


def test_caller_id_before_the_first_ring_begins_the_call() -> None:
    changes = play(Ringing("modem"), (0, CallerId(number="1", message=1)), (1, RING), (7, None))
    assert kinds(changes) == [Began, Known, Rang, Ended]
    assert changes[0].call.caller_id.number == "1"


def test_caller_id_after_several_rings_belongs_to_the_call() -> None:
    changes = play(Ringing("modem"), (0, RING), (5, RING), (10, RING), (12, CallerId(number="1", message=1)))
    assert kinds(changes) == [Began, Rang, Rang, Rang, Known]


def test_a_name_after_the_number_belongs_to_this_call() -> None:
    first, second = CallerId(number="1", message=1), CallerId(number="1", name="A", message=1)
    changes = play(Ringing("modem"), (0, RING), (1, first), (1.2, second))
    assert kinds(changes) == [Began, Rang, Known, Known]
    assert changes[0].call.caller_id == second


def test_caller_id_that_comes_twice_changes_nothing() -> None:
    one, two = CallerId(number="1", raw="x", message=1), CallerId(number="1", raw="x", message=2)
    changes = play(Ringing("modem"), (0, one), (1, RING), (2, two))
    assert Ended not in kinds(changes)
    assert changes[0].call.caller_id.number == "1"


def test_a_number_is_kept_when_a_later_message_has_none() -> None:
    known, absent = CallerId(number="1", message=1), CallerId(absence=Absence.UNAVAILABLE, message=2)
    changes = play(Ringing("modem"), (0, RING), (1, known), (2, absent))
    assert (changes[0].call.caller_id.number, changes[0].call.caller_id.absence) == ("1", None)


def test_another_number_is_another_call() -> None:
    changes = play(
        Ringing("modem"),
        (0, CallerId(number="1", message=1)),
        (1, RING),
        (3, CallerId(number="2", message=2)),
    )
    assert kinds(changes) == [Began, Known, Rang, Ended, Began, Known]
    assert changes[0].call is not changes[-1].call


def test_another_number_is_another_call_also_when_its_date_came_first() -> None:
    changes = play(
        Ringing("modem"),
        (0, CallerId(number="1", message=1)),
        (3, CallerId(date="11-23", message=2)),
        (3.1, CallerId(date="11-23", number="2", message=2)),
    )
    assert kinds(changes)[-3:] == [Ended, Began, Known]
    assert changes[-1].call.caller_id.number == "2"


def test_a_number_is_kept_through_all_parts_of_a_later_message() -> None:
    changes = play(
        Ringing("modem"),
        (0, CallerId(number="1", message=1)),
        (1, CallerId(date="11-23", message=2)),
        (1.1, CallerId(date="11-23", name="A", message=2)),
    )
    assert (changes[0].call.caller_id.number, changes[0].call.caller_id.name) == ("1", "A")


def test_the_next_call_after_the_silence_is_another() -> None:
    changes = play(Ringing("modem"), (0, RING), (6, RING))
    assert kinds(changes) == [Began, Rang, Ended, Began, Rang]


def test_the_silence_that_ends_a_call_can_be_set() -> None:
    ringing = Ringing("modem", silence=10)
    assert kinds(play(ringing, (0, RING), (9.9, None))) == [Began, Rang]
    assert kinds(play(ringing, (10, None))) == [Ended]


def test_a_lost_line_ends_the_call() -> None:
    ringing = Ringing("modem")
    play(ringing, (0, RING))
    assert kinds(ringing.abandon()) == [Ended]
    assert kinds(ringing.abandon()) == []


@given(
    st.lists(
        st.tuples(
            st.floats(0, 9),
            st.one_of(
                st.none(),
                st.just(RING),
                st.builds(
                    CallerId,
                    number=st.sampled_from([None, "1", "2"]),
                    name=st.sampled_from([None, "A"]),
                    message=st.integers(1, 4),
                ),
            ),
        ),
        max_size=30,
    )
)
def test_every_call_that_began_ends_once_and_they_never_overlap(
    steps: list[tuple[float, Ring | CallerId | None]],
) -> None:
    ringing, now, open_call = Ringing("modem"), 0.0, None
    for pause, event in [*steps, (99.0, None)]:
        now += pause
        for change in ringing.tick(now) if event is None else ringing.take(event, now):
            if isinstance(change, Began):
                assert open_call is None
                open_call = change.call
            assert change.call is open_call
            if isinstance(change, Ended):
                assert open_call.over
                open_call = None
    assert open_call is None


def test_lifting_the_handset_ends_the_ringing_and_putting_it_down_tells_how_long_they_talked() -> None:
    ringing = Ringing("modem")
    (began, *_) = ringing.take(Ring("RING"), 0)
    (ended,) = ringing.take(Hook(lifted=True), 2)
    assert isinstance(ended, Ended)
    assert ended.call is began.call
    assert ended.call.talked == 0
    (talked,) = ringing.take(Hook(lifted=False), 77.04)
    assert isinstance(talked, Talked)
    assert talked.call.talked == 75.0


def test_a_handset_that_is_lifted_while_nothing_rings_is_no_call() -> None:
    ringing = Ringing("modem")
    assert list(ringing.take(Hook(lifted=True), 0)) == []
    assert list(ringing.take(Hook(lifted=False), 60)) == []
    assert ringing.call is None
