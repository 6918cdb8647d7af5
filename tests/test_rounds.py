import queue
import threading

from firmware.rounds import Rounds

PATIENCE = 30.0
FOR_EVER = 3600.0


def test_it_begins_once_and_goes_round_when_it_is_woken() -> None:
    done: queue.Queue[str] = queue.Queue()
    rounds = Rounds("test", lambda: done.put("work"), FOR_EVER, begin=lambda: done.put("begin"))
    rounds.start()
    assert [done.get(timeout=PATIENCE) for _ in range(2)] == ["begin", "work"]
    rounds.wake()
    assert done.get(timeout=PATIENCE) == "work"
    rounds.close()
    assert done.empty()


def test_it_goes_round_by_itself_and_whatever_goes_wrong() -> None:
    done: queue.Queue[int] = queue.Queue()

    def fail() -> None:
        done.put(1)
        raise RuntimeError

    rounds = Rounds("test", fail, 0.0, begin=fail)
    rounds.start()
    for _ in range(4):
        done.get(timeout=PATIENCE)
    rounds.close()


def test_what_takes_long_is_told_to_give_up() -> None:
    begun, given_up = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        if rounds.closing.wait(PATIENCE):
            given_up.set()

    rounds = Rounds("test", work, FOR_EVER)
    rounds.start()
    assert begun.wait(PATIENCE)
    rounds.close()
    assert given_up.is_set()


def test_one_that_never_started_closes() -> None:
    Rounds("test", lambda: None, FOR_EVER).close()
