import json
import queue
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from unittest.mock import ANY

import pytest
from browsing import Http, Stream
from visiting import PASSWORD, Visitor

from firmware.appliance import Appliance
from firmware.attention import Attention
from firmware.feed import News
from web.live import MOST_LISTENERS, MOST_OF_ONE, OVER, Places, event
from web.server import page
from web.tokens import issue

Ring = Callable[..., int]
Wait = Callable[..., None]


@pytest.fixture
def browser(guarding: Appliance, stranger: Visitor) -> Iterator[Http]:
    """The owner's browser; the page is served as in use."""
    with page(guarding):
        http = Http(guarding.wiring.address)
        http.sign_in()
        yield http


def test_a_call_arrives_while_it_rings_and_changes_where_it_stands(
    browser: Http, ring: Ring, wait_until: Wait
) -> None:
    with Stream(browser) as stream:
        wait_until(lambda: stream.named("calls"))
        id = ring("16210123456", "<img src=x onerror=alert(1)>")
        wait_until(lambda: f'id="call-{id}" class="call allow">' in stream.named("calls")[-1])
        none, *ringing, over = stream.named("calls")
    assert f'id="call-{id}"' not in none
    assert f'id="call-{id}"' in ringing[0]
    assert "call allow now" in ringing[-1]
    assert "&lt;img src=x onerror=alert(1)&gt;" in over
    assert "<img" not in stream.text


def test_a_stream_begins_with_what_is_so_now_so_that_nothing_is_missed(
    browser: Http, ring: Ring, wait_until: Wait
) -> None:
    id = ring("16210123456")
    with Stream(browser) as stream:
        wait_until(lambda: stream.named("calls"))
        assert "Guarding the line" in stream.named("status")[0]
        assert f'id="call-{id}"' in stream.named("calls")[0]
        ring("16210999999")
        wait_until(lambda: len(stream.named("calls")) > 1)
        assert "16210999999" in stream.named("calls")[-1]


def test_the_status_follows_the_line(
    browser: Http, guarding: Appliance, modem: object, wait_until: Wait
) -> None:
    with Stream(browser) as stream:
        wait_until(lambda: stream.named("status"))
        modem.unplug()  # type: ignore[attr-defined]
        wait_until(lambda: "The modem was lost" in stream.named("status")[-1])


def test_a_changed_rule_shows_beside_the_calls_it_concerns(
    browser: Http, guarding: Appliance, ring: Ring, wait_until: Wait
) -> None:
    ring("16210123456")
    with Stream(browser) as stream:
        wait_until(lambda: stream.named("calls"))
        assert 'value="block"' in stream.named("calls")[0]
        guarding.household.add_rule({"match": "16210123456", "action": "block"})
        wait_until(lambda: len(stream.named("calls")) > 1)
        assert 'value="allow"' in stream.named("calls")[-1]
        assert "From now on blocked" in stream.named("calls")[-1]


def test_a_program_hears_the_same_as_json(
    browser: Http, guarding: Appliance, ring: Ring, wait_until: Wait
) -> None:
    bearer = {"Authorization": f"Bearer {issue(guarding.data, 'tests')}"}
    with Stream(Http(browser.address), "/api/v1/events", **bearer) as stream:
        wait_until(lambda: "guarding" in [json.loads(one)["line"]["state"] for one in stream.named("status")])
        id = ring("16210123456", "a\r\nevent: status\u2028data: x")
        wait_until(lambda: any(json.loads(call)["over"] for call in stream.named("call")))
        assert guarding.call(id) == {**json.loads(stream.named("call")[-1]), "who": ANY}
        rule = guarding.household.add_rule({"match": "162*", "action": "block"})
        wait_until(lambda: stream.named("rules"))
        assert json.loads(stream.named("rules")[0]) == {"id": rule["id"]}


def test_many_changes_at_once_are_told_once(browser: Http, guarding: Appliance, wait_until: Wait) -> None:
    with Stream(browser) as stream:
        wait_until(lambda: stream.named("calls"))
        for _ in range(100):
            guarding.feed.publish("rules", {"id": 1})
        wait_until(lambda: len(stream.named("calls")) > 1)
        time.sleep(0.3)
        assert len(stream.named("calls")) < 5


def test_text_that_spans_lines_stays_one_event() -> None:
    assert event("call", "a\nb\r\n\u2028c") == "event: call\ndata: a\ndata: b\ndata: \ndata: c\n\n"
    assert event("call", "") == "event: call\ndata: \n\n"


def test_a_new_password_ends_the_streams_of_the_old_one(
    browser: Http, guarding: Appliance, wait_until: Wait
) -> None:
    elsewhere = Http(browser.address)
    elsewhere.sign_in()
    with Stream(elsewhere) as stream:
        wait_until(lambda: stream.named("calls"))
        browser.post("/password", old=PASSWORD, new="battery staple")
        guarding.household.add_rule({"match": "162*", "action": "block"})
        wait_until(stream.over.is_set)
        assert len(stream.named("calls")) == 1


def test_a_removed_token_hears_nothing_more(browser: Http, guarding: Appliance, wait_until: Wait) -> None:
    bearer = {"Authorization": f"Bearer {issue(guarding.data, 'tests')}"}
    with Stream(Http(browser.address), "/api/v1/events", **bearer) as stream:
        wait_until(lambda: stream.named("status"))
        for file in (guarding.data / "tokens").iterdir():
            file.unlink()
        guarding.household.add_rule({"match": "162*", "action": "block"})
        wait_until(stream.over.is_set)
        assert not stream.named("rules")


def test_the_newest_listener_takes_the_place_of_the_longest(browser: Http, wait_until: Wait) -> None:
    browsers = [Http(browser.address) for _ in range(MOST_LISTENERS // MOST_OF_ONE)]
    for one in browsers:
        one.sign_in()
    with ExitStack() as stack:
        streams = [stack.enter_context(Stream(one)) for one in browsers for _ in range(MOST_OF_ONE)]
        wait_until(lambda: all(stream.named("calls") for stream in streams))
        newest = stack.enter_context(Stream(browser))
        wait_until(lambda: newest.named("calls"))
        wait_until(streams[0].over.is_set)
        assert streams[0].text.endswith("retry: 60000\n\n")
        assert not any(stream.over.is_set() for stream in streams[1:])
        assert browser.get("/")[0] == 200


def test_one_browser_does_not_use_up_its_own_connections(browser: Http, wait_until: Wait) -> None:
    elsewhere = Http(browser.address)
    elsewhere.sign_in()
    with ExitStack() as stack:
        other = stack.enter_context(Stream(elsewhere))
        streams = []
        for _ in range(MOST_OF_ONE + 2):
            streams.append(stack.enter_context(Stream(browser)))
            wait_until(lambda: streams[-1].named("calls"))
        wait_until(lambda: [stream.over.is_set() for stream in streams].count(True) == 2)
        assert all(stream.over.is_set() for stream in streams[:2])
        assert not other.over.is_set()


def test_a_listener_that_leaves_makes_room(browser: Http, wait_until: Wait) -> None:
    for _ in range(3 * MOST_LISTENERS):
        with Stream(browser) as stream:
            wait_until(lambda: stream.named("calls"))
        browser.open("HEAD", "/live").read()
    assert browser.get("/")[0] == 200


def test_there_is_no_place_while_those_who_listen_cannot_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.live.HANDOVER_SECONDS", 0.01)
    places = Places(1)
    stuck: queue.Queue[News] = queue.Queue(1)
    stuck.put(OVER)
    late: queue.Queue[News] = queue.Queue()
    assert places.take(stuck)
    assert not places.take(late)
    places.leave(stuck)
    assert places.take(late)


def test_who_comes_again_hears_what_was_missed_and_no_more(
    browser: Http, guarding: Appliance, wait_until: Wait
) -> None:
    with Stream(browser) as stream:
        wait_until(lambda: "id: " in stream.text)
        mark = re.findall(r"^id: (.*)$", stream.text, re.M)[-1]
    guarding.household.add_rule({"match": "162*", "action": "block"})
    with Stream(browser, **{"Last-Event-ID": mark}) as again:
        wait_until(lambda: again.named("calls"))
        newer = [news.kind for news in guarding.feed._missed(mark)]
        assert bool(again.named("status")) == ("status" in newer)
        wait_until(lambda: "id: " in again.text)
        assert re.findall(r"^id: (.*)$", again.text, re.M)[-1] != mark


def test_who_comes_again_from_before_a_restart_begins_anew(browser: Http, wait_until: Wait) -> None:
    for mark in ("0123abcd.7", "nonsense", ""):
        with Stream(browser, **{"Last-Event-ID": mark}) as stream:
            wait_until(lambda: stream.named("status") and stream.named("calls"))


def test_a_program_hears_the_calls_that_it_missed(
    browser: Http, guarding: Appliance, ring: Ring, wait_until: Wait
) -> None:
    bearer = {"Authorization": f"Bearer {issue(guarding.data, 'tests')}"}
    with Stream(Http(browser.address), "/api/v1/events", **bearer) as stream:
        wait_until(lambda: "id: " in stream.text)
        mark = re.findall(r"^id: (.*)$", stream.text, re.M)[-1]
    id = ring("16210123456")
    with Stream(Http(browser.address), "/api/v1/events", **bearer, **{"Last-Event-ID": mark}) as again:
        wait_until(lambda: again.named("call"))
        assert json.loads(again.named("call")[-1])["id"] == id


def test_a_silent_stream_beats(browser: Http, wait_until: Wait, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.live.HEARTBEAT_SECONDS", 0.05)
    with Stream(browser) as stream:
        wait_until(lambda: stream.named("beat"))


def test_viewers_wait_while_a_number_is_awaited(browser: Http, guarding: Appliance, wait_until: Wait) -> None:
    with Stream(browser) as stream:
        wait_until(lambda: "id: " in stream.text)
        guarding.attention = Attention(60.0)
        guarding.attention.begin()
        guarding.household.add_rule({"match": "162*", "action": "block"})
        time.sleep(0.3)
        assert len(stream.named("calls")) == 1
        guarding.attention.end()
        wait_until(lambda: len(stream.named("calls")) > 1)


def test_each_piece_of_a_page_can_be_asked_for(owner: Visitor, ring: Ring) -> None:
    id = ring("16210123456")
    assert "Guarding the line" in owner.get("/live/status").text
    for path in ("/live/calls", f"/live/calls?page=calls&down_to={id}"):
        assert f'id="call-{id}"' in owner.get(path).text
    assert f'id="call-{id}"' not in owner.get(f"/live/calls?page=calls&down_to={id + 1}").text
    assert owner.get("/live/nothing").status_code == 404
