import time

import pytest

from web.throttle import Doors, Throttle


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, in its first place."""
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def test_the_wait_doubles_up_to_the_longest_and_ends_with_a_success(clock: list[float]) -> None:
    throttle = Throttle(5, 900)
    waits = []
    for _ in range(80):
        throttle.failed("a")
        waits.append(throttle.wait("a"))
    assert waits[:4] == [0] * 4
    assert waits[4:] == [min(2.0**n, 900) for n in range(76)]
    throttle.succeeded("a")
    assert throttle.wait("a") == 0


def test_a_bounded_number_of_keys_is_remembered() -> None:
    throttle = Throttle(5, 900)
    for n in range(Throttle.REMEMBERED + 500):
        throttle.failed(str(n))
    assert len(throttle._failures) == Throttle.REMEMBERED


def test_who_guesses_at_one_address_waits_and_nobody_elsewhere_does(clock: list[float]) -> None:
    doors = Doors()
    for _ in range(500):
        doors.attempt("192.168.1.66", "owner")
        clock[0] += 0.5
    assert doors.attempt("192.168.1.66", "owner") > 5
    assert doors.attempt("192.168.1.7", "owner") == 0
    assert doors.attempt("192.168.1.8", "granny") == 0


def test_guesses_from_many_addresses_at_one_name_are_slowed_down_together(clock: list[float]) -> None:
    doors = Doors()
    tried = 0
    for n in range(10_000):
        tried += doors.attempt(f"10.0.{n >> 8}.{n & 255}", "Owner") == 0
        clock[0] += 0.1
    assert tried < Doors.FREE_OF_A_NAME + 5 + 1000 / 30 + 1


def test_many_guesses_at_a_name_keep_a_new_device_out_for_half_a_minute_at_most(clock: list[float]) -> None:
    doors = Doors()
    for n in range(3000):
        doors.attempt(f"10.0.{n >> 8}.{n & 255}", "owner")
        clock[0] += 1
    wait = doors.attempt("192.168.1.7", "owner")
    assert wait <= 30
    clock[0] += wait
    assert doors.attempt("192.168.1.7", "owner") == 0
    assert doors.attempt("192.168.1.8", "granny") == 0


def test_a_device_that_is_known_waits_for_its_own_guesses_alone(clock: list[float]) -> None:
    doors = Doors()
    for n in range(3000):
        doors.attempt(f"10.0.{n >> 8}.{n & 255}", "owner")
        doors.attempt("192.168.1.7", "owner")
    assert doors.attempt("192.168.1.7", "owner", "phone") == 0
    for _ in range(20):
        doors.attempt("192.168.1.7", "owner", "phone")
        clock[0] += 1
    assert doors.attempt("192.168.1.7", "owner", "phone") > 0


def test_asking_again_while_one_has_to_wait_makes_nothing_longer(clock: list[float]) -> None:
    doors = Doors()
    for n in range(Doors.FREE_OF_A_NAME):
        doors.attempt(f"10.0.0.{n}", "owner")
    waits = [doors.attempt("192.168.1.7", "owner") for _ in range(50)]
    assert set(waits) == {1.0}
    clock[0] += 1
    assert doors.attempt("192.168.1.7", "owner") == 0


def test_attempts_count_before_it_is_known_what_they_come_to() -> None:
    doors = Doors()
    assert [doors.attempt("a") == 0 for _ in range(Doors.FREE + 3)].count(True) == Doors.FREE
    doors.succeeded("a")
    assert doors.attempt("a") == 0
