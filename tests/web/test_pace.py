import time

import pytest
from flask import Flask
from visiting import Visitor

from firmware.appliance import Appliance
from web.pace import Pace
from web.tokens import issue


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, in its first place."""
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def test_a_burst_is_taken_and_then_so_many_a_second(clock: list[float]) -> None:
    pace = Pace(10, 2)
    assert [pace.wait("a") for _ in range(11)] == [0.0] * 10 + [0.5]
    assert pace.wait("b") == 0
    clock[0] += 0.5
    assert [pace.wait("a"), pace.wait("a")] == [0.0, 0.5]
    clock[0] += 3600
    assert [pace.wait("a") for _ in range(11)].count(0.0) == 10


def test_a_bounded_number_of_keys_is_remembered() -> None:
    pace = Pace(10, 2)
    for n in range(Pace.REMEMBERED + 500):
        pace.wait(str(n))
    assert len(pace._left) == Pace.REMEMBERED


def test_a_program_that_asks_too_often_is_told_when_to_come_again(
    app: Flask, appliance: Appliance, clock: list[float]
) -> None:
    app.extensions["pace"] = Pace(3, 0.25)
    client, bearer = app.test_client(), {"Authorization": f"Bearer {issue(appliance.data, 'a')}"}
    answers = [client.get("/api/v1/rules", headers=bearer) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[3].headers["Retry-After"] == "4"
    assert answers[3].mimetype == "application/problem+json"
    assert (
        client.get(
            "/api/v1/rules", headers={"Authorization": f"Bearer {issue(appliance.data, 'b')}"}
        ).status_code
        == 200
    )
    clock[0] += 4
    assert client.get("/api/v1/rules", headers=bearer).status_code == 200


def test_strangers_are_counted_by_their_address_and_guessed_tokens_with_them(
    app: Flask, clock: list[float]
) -> None:
    app.extensions["pace"] = Pace(3, 1)

    def ask(address: str, token: str) -> int:
        headers = {"Authorization": f"Bearer rf_{token}"}
        return (
            app.test_client()
            .get("/api/v1/rules", headers=headers, environ_base={"REMOTE_ADDR": address})
            .status_code
        )

    assert [ask("10.0.0.1", str(n)) for n in range(4)] == [401, 401, 401, 429]
    assert ask("10.0.0.2", "x") == 401


def test_the_page_itself_is_not_counted(owner: Visitor, app: Flask, clock: list[float]) -> None:
    app.extensions["pace"] = Pace(1, 1)
    assert [owner.get("/").status_code for _ in range(5)] == [200] * 5
