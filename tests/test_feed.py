"""News for those who follow along."""

from firmware.feed import MOST_WAITING, Feed


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
