"""Pools on the page and in the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asking import Ask
from visiting import Visitor

from firmware.appliance import Appliance
from firmware.call import Action, Reason, Verdict
from firmware.numbers import understand

POOL = "1621012????"


@pytest.fixture
def pool(appliance: Appliance) -> str:
    """A platform has called for nine days."""
    screening = appliance.household.screening
    for place in range(11):
        screening.ended(
            understand(f"1621012{place * 917:04}", "CN"),
            datetime.now(UTC) - timedelta(days=9 * (10 - place) / 11),
            Verdict(Action.ALLOW, Reason.DEFAULT),
            rings=3,
            talked=3.0,
        )
    return POOL


def test_a_pool_is_shown_with_its_reasons(owner: Visitor, pool: str) -> None:
    html = owner.get("/pools").text
    assert "11 different numbers from 1621012 in 9 days, 11 hung up on within 8 s, none wanted" in html
    assert "unwanted calls are to be expected to each wanted one" in html
    assert "162-1012" not in html
    assert "16210129170" in html


def test_the_reasons_are_told_in_chinese(owner: Visitor, pool: str) -> None:
    html = owner.client.get("/pools", headers={"Accept-Language": "zh"}).text
    assert "9 天内有 11 个不同号码来自 1621012，11 个在 8 秒内被挂断，没有想接的" in html


def test_without_pools_the_page_says_what_it_waits_for(owner: Visitor) -> None:
    assert "No pools yet." in owner.get("/pools").text


@pytest.mark.parametrize(("answer", "words"), [("block", "You blocked it"), ("allow", "You let it through")])
def test_a_pool_is_answered_with_one_tap(
    owner: Visitor, appliance: Appliance, pool: str, answer: str, words: str
) -> None:
    assert owner.post("/pools/answer", {"match": pool, "answer": answer}).status_code == 303
    assert words in owner.get("/pools").text
    assert appliance.household.found_pools()[0]["answer"] == answer
    owner.post("/pools/answer", {"match": pool, "answer": ""})
    assert appliance.household.found_pools()[0]["answer"] is None


def test_a_pool_that_is_none_is_refused(owner: Visitor, pool: str) -> None:
    answer = owner.post("/pools/answer", {"match": "<script>", "answer": "block"})
    assert answer.status_code == 303
    assert "Nobody has called from there." in owner.get(answer.headers["Location"]).text


def test_a_call_that_was_blocked_says_that_it_belongs_to_a_pool(
    owner: Visitor, appliance: Appliance, pool: str
) -> None:
    appliance.household.answer_pool(pool, "block")
    html = owner.get("/check?number=16210129876").text
    assert "Blocked: one of the look-alikes 1621012····" in html


def test_the_api_shows_pools_and_takes_answers(ask: Ask, pool: str) -> None:
    (shown,) = ask("GET", "/api/v1/pools").json["pools"]
    assert (shown["match"], shown["numbers"], shown["hung_up"], shown["answer"]) == (pool, 11, 11, None)
    answered = ask("PUT", "/api/v1/pools", json={"match": pool, "answer": "block"}).json
    assert (answered["answer"], answered["blocked"]) == ("block", True)
    explained = ask("GET", "/api/v1/explain?number=16210129876").json["verdict"]
    assert (explained["reason"], explained["match"]) == ("pool", pool)
    assert ask("PUT", "/api/v1/pools", json={"match": pool, "answer": None}).json["answer"] is None


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"match": POOL}, 400),
        ({"answer": "block"}, 400),
        ({"match": 1, "answer": "block"}, 400),
        ({"match": POOL, "answer": []}, 400),
        ({"match": POOL, "answer": "maybe"}, 422),
        ({"match": "1389999????", "answer": "block"}, 422),
    ],
)
def test_what_is_no_answer_is_refused(ask: Ask, pool: str, body: Any, status: int) -> None:
    assert ask("PUT", "/api/v1/pools", json=body).status_code == status


def test_a_pool_that_is_found_is_news(
    guarding: Appliance, ring: Callable[..., int], pool: str, wait_until: Callable[..., None]
) -> None:
    guarding.household.screening.pools.clear()
    guarding.pools_found.look()
    with guarding.subscribe() as news:
        for place in range(8):
            ring(f"1653321{place * 917:04}")
            if guarding.pools_found.asking:
                break
        told = [news.get_nowait() for _ in range(news.qsize())]
    assert [one.payload["match"] for one in told if one.kind == "pool"] == ["1653321????"]
    wait_until(lambda: guarding.status()["shows"] == "asking")
