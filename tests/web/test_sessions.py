import time
from hashlib import sha256

import pytest
from flask import Flask
from visiting import PASSWORD, Visitor

from firmware.appliance import Appliance
from web import create_app, sessions


def copied(visitor: Visitor, app: Flask) -> Visitor:
    """Somebody else who has this visitor's session cookie."""
    thief = Visitor(app)
    cookie = visitor.client.get_cookie("ringfence")
    assert cookie
    thief.client.set_cookie("ringfence", cookie.value)
    return thief


def test_a_copied_cookie_ends_with_its_session(owner: Visitor, app: Flask) -> None:
    thief = copied(owner, app)
    assert thief.inside
    owner.post("/sign-out")
    assert not thief.inside


def test_signing_in_again_ends_the_session_before(owner: Visitor, app: Flask) -> None:
    thief = copied(owner, app)
    owner.sign_in()
    assert owner.inside
    assert not thief.inside


def test_signing_out_everywhere_ends_every_session(owner: Visitor, app: Flask) -> None:
    elsewhere = Visitor(app)
    elsewhere.sign_in()
    owner.post("/sign-out", {"everywhere": "yes"})
    assert not owner.inside
    assert not elsewhere.inside


def test_a_session_outlives_a_restart_and_its_end_does_too(owner: Visitor, appliance: Appliance) -> None:
    assert copied(owner, create_app(appliance)).inside
    thief = copied(owner, create_app(appliance))
    owner.post("/sign-out")
    again = copied(thief, create_app(appliance))
    assert not again.inside


def test_a_session_that_nobody_uses_is_over(owner: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    days = sessions.IDLE.days
    monkeypatch.setattr(time, "time", lambda: now + (days - 1) * 86_400)
    assert owner.inside
    monkeypatch.setattr(time, "time", lambda: now + (2 * days - 2) * 86_400)
    assert owner.inside
    monkeypatch.setattr(time, "time", lambda: now + (3 * days) * 86_400)
    assert not owner.inside


def test_a_session_is_over_one_day_however_much_it_is_used(
    owner: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, used = time.time(), 0
    for day in range(1, sessions.ABSOLUTE.days + 10, 5):
        monkeypatch.setattr(time, "time", lambda day=day: now + day * 86_400)
        used += owner.inside
    assert used == sessions.ABSOLUTE.days // 5


def test_an_account_has_a_bounded_number_of_sessions(owner: Visitor, app: Flask) -> None:
    kept = app.extensions["accounts"].sessions
    keys = [kept.begin(1) for _ in range(sessions.MOST)]
    assert not owner.inside
    assert kept.count(1) == sessions.MOST
    assert len(kept._table) == sessions.MOST
    assert all(kept.account_of(key) == 1 for key in keys)


def test_a_session_is_kept_as_a_hash(owner: Visitor, app: Flask, appliance: Appliance) -> None:
    key = app.extensions["accounts"].sessions.begin(1)
    journal = (appliance.data / "store.journal").read_bytes()
    assert key.encode() not in journal
    assert sha256(key.encode()).hexdigest().encode() in journal


def test_a_full_disk_keeps_nobody_out(
    stranger: Visitor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fdatasync", full)
    monkeypatch.setattr("os.fsync", full)
    assert stranger.sign_in(PASSWORD).status_code == 303
    assert stranger.inside
    assert "refused to keep a session" in caplog.text
