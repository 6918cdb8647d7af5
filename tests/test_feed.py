"""News for those who follow along."""

from queue import Queue

from firmware.feed import GAP, MOST_WAITING, Feed, News


def test_every_subscriber_hears_every_piece_in_order() -> None:
    feed = Feed()
    with feed.subscribe() as one, feed.subscribe() as two:
        feed.publish("call", {"id": 1})
        feed.publish("status", {})
        for waiting in (one, two):
            assert [(news.id, news.kind) for news in (waiting.get(), waiting.get())] == [
                (1, "call"),
                (2, "status"),
            ]


def test_a_slow_subscriber_loses_the_oldest_and_blocks_nobody() -> None:
    feed = Feed()
    with feed.subscribe() as slow:
        for _ in range(MOST_WAITING + 10):
            feed.publish("status", {})
        assert slow.qsize() == MOST_WAITING
        assert slow.get().id == 11


def test_who_has_left_hears_nothing_more() -> None:
    feed = Feed()
    with feed.subscribe() as waiting:
        pass
    feed.publish("status", {})
    assert waiting.empty()


def heard(waiting: Queue[News]) -> list[tuple[int, str]]:
    return [(news.id, news.kind) for news in (waiting.get() for _ in range(waiting.qsize()))]


def test_who_comes_again_hears_what_came_since() -> None:
    feed = Feed()
    for kind in ("call", "status", "rules"):
        feed.publish(kind, {})
    with feed.subscribe(feed.mark(1)) as waiting:
        feed.publish("call", {})
        assert heard(waiting) == [(2, "status"), (3, "rules"), (4, "call")]
    with feed.subscribe(feed.last) as waiting:
        assert heard(waiting) == []


def test_who_has_missed_more_than_is_kept_or_comes_from_before_a_restart_is_told_so() -> None:
    feed = Feed()
    before = feed.last
    for _ in range(MOST_WAITING + 1):
        feed.publish("status", {})
    for mark in (before, Feed().last, "", "x", feed.mark(10**9), f"{feed.mark(1)}x", "٣.٣", feed.mark(-1)):
        with feed.subscribe(mark) as waiting:
            assert [kind for _, kind in heard(waiting)] == [GAP], mark
