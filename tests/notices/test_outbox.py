from firmware.notices.outbox import GATHER_SECONDS, MOST_LINES, PACE_SECONDS, PAUSES, Outbox


def test_what_comes_together_goes_in_one_message() -> None:
    box = Outbox()
    box.put("a", 0.0)
    box.put("b", 1.0)
    assert not box.due(GATHER_SECONDS - 0.1)
    assert box.due(GATHER_SECONDS)
    assert box.message == (["a", "b"], 0)


def test_a_message_a_minute_is_the_most() -> None:
    box = Outbox()
    box.put("a", 0.0)
    box.sent(box.message, 10.0)
    assert not box.due(1000.0)
    box.put("b", 11.0)
    assert not box.due(10.0 + PACE_SECONDS - 0.1)
    assert box.due(10.0 + PACE_SECONDS)


def test_what_is_put_while_a_message_is_sent_goes_with_the_next() -> None:
    box = Outbox()
    box.put("a", 0.0)
    message = box.message
    box.put("b", 1.0)
    box.sent(message, 2.0)
    assert box.message == (["b"], 0)


def test_of_too_many_lines_the_newest_go_and_the_others_are_counted() -> None:
    box = Outbox()
    for n in range(MOST_LINES + 5):
        box.put(str(n), 0.0)
    lines, left_out = box.message
    assert (lines[0], lines[-1], len(lines), left_out) == ("5", str(MOST_LINES + 4), MOST_LINES, 5)
    box.sent(box.message, 0.0)
    assert box.message == ([], 0)


def test_a_failure_is_tried_again_with_growing_pauses_and_then_given_up() -> None:
    box, now = Outbox(), 0.0
    box.put("a", now)
    for pause in PAUSES:
        box.failed("denied", now)
        assert (box.fault, len(box)) == ("denied", 1)
        assert not box.due(now + pause - 0.1)
        now += pause
        assert box.due(now)
    box.failed("denied", now)
    assert len(box) == 0
    box.put("b", now)
    box.sent(box.message, now)
    assert box.fault is None
