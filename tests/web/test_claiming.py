import secrets
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from visiting import Visitor

from firmware.appliance import Appliance
from web import account, commands, create_app, throttle


def test_nothing_but_the_claim_is_shown_before_it(app: Flask, code: str) -> None:
    visitor = Visitor(app)
    for path in ("/", "/rules", "/settings", "/check", "/live", "/sign-in"):
        answer = visitor.get(path)
        assert (answer.status_code, answer.location) == (303, "/claim")
    assert "Make this box yours" in visitor.get("/claim").text
    assert code not in visitor.get("/claim").text


def test_the_set_up_code_claims_and_signs_in(app: Flask, code: str) -> None:
    visitor = Visitor(app)
    answer = visitor.claim(code)
    assert (answer.status_code, answer.location) == (303, "/welcome")
    assert visitor.inside


def test_the_code_may_be_typed_as_people_type(app: Flask, code: str) -> None:
    assert Visitor(app).claim(f" {code.lower().replace('-', ' ')} ").location == "/welcome"


def test_a_wrong_code_claims_nothing(app: Flask, code: str) -> None:
    visitor = Visitor(app)
    for wrong in ("", "0000-0000-0000", "铃盾-铃盾-铃盾", "x" * 5000):
        assert visitor.claim(wrong).status_code == 403
    assert not visitor.inside
    assert visitor.claim(code).status_code == 303


def test_the_code_is_compared_in_constant_time(
    app: Flask, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared, compare = [], secrets.compare_digest
    monkeypatch.setattr("secrets.compare_digest", lambda a, b: compared.append(a) or compare(a, b))
    Visitor(app).claim(f"{code[:-1]}0")
    assert compared == [code.replace("-", "").encode()]


def test_a_password_too_short_or_too_long_is_refused_and_the_code_stays(app: Flask, code: str) -> None:
    visitor = Visitor(app)
    for password in ("", "seven77", "x" * 201):
        assert visitor.claim(code, password).status_code == 400
    assert visitor.claim(code).status_code == 303


def test_the_code_works_once(app: Flask, code: str) -> None:
    Visitor(app).claim(code)
    second = Visitor(app)
    assert second.get("/claim").location == "/sign-in"
    assert second.post("/claim", {"code": code, "password": "another password"}).location == "/sign-in"
    assert second.sign_in("another password").status_code == 403


def test_the_code_that_was_used_is_gone_from_the_disk_before_the_answer(
    app: Flask, code: str, appliance: Appliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced = []

    def sync(folder: Path) -> None:
        synced.append((folder, account.setup_code(appliance.data)))

    monkeypatch.setattr(account, "sync", sync)
    Visitor(app).claim(code)
    assert synced == [(appliance.data, None)]


def test_a_claim_outlives_a_restart(app: Flask, code: str, appliance: Appliance) -> None:
    Visitor(app).claim(code)
    again = create_app(appliance)
    assert account.setup_code(appliance.data) is None
    assert Visitor(again).sign_in().status_code == 303


def test_the_code_outlives_a_restart_until_it_is_used(code: str, appliance: Appliance) -> None:
    create_app(appliance)
    assert account.setup_code(appliance.data) == code


def test_the_command_prints_the_code_before_the_first_start_and_until_it_is_used(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    def printed(*options: str) -> str:
        return CliRunner().invoke(commands.setup_code, ["--data", str(tmp_path / "data"), *options]).output

    (tmp_path / "data").mkdir()
    first = printed()
    assert printed() == first
    app = request.getfixturevalue("app")
    assert printed() == first
    Visitor(app).claim(first.removeprefix("Set-up code: ").strip())
    assert "has been claimed" in printed()
    assert printed("--again").startswith("Set-up code: ")


def test_codes_differ(tmp_path: Path) -> None:
    assert len({account.make_setup_code(tmp_path) for _ in range(20)}) == 20


def test_no_two_boxes_sign_sessions_alike(tmp_path: Path) -> None:
    boxes = [tmp_path / name for name in ("one", "two")]
    for box in boxes:
        box.mkdir()
    keys = {account.session_secret(box) for box in boxes}
    assert len(keys) == 2
    assert {account.session_secret(box) for box in boxes} == keys


def test_guessing_the_code_is_slowed_down(app: Flask, code: str) -> None:
    visitor = Visitor(app)
    answers = [visitor.claim("0000-0000-0000") for _ in range(throttle.Doors.FREE + 1)]
    assert [answer.status_code for answer in answers] == [403] * throttle.Doors.FREE + [429]
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert visitor.claim(code).status_code == 429


def test_a_new_code_lets_an_owner_in_who_lost_the_password(
    owner: Visitor, app: Flask, appliance: Appliance
) -> None:
    fresh = account.make_setup_code(appliance.data)
    late = Visitor(app)
    assert late.claim(fresh, "a new password").location == "/welcome"
    assert late.inside
    assert not owner.inside


def test_secrets_are_readable_by_the_appliance_alone(code: str, appliance: Appliance) -> None:
    for name in ("setup-code", "secret", "store.journal"):
        assert stat.S_IMODE((appliance.data / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(appliance.data.stat().st_mode) == 0o700


def test_the_password_is_kept_as_an_argon2id_hash(owner: Visitor, appliance: Appliance) -> None:
    journal = (appliance.data / "store.journal").read_bytes()
    assert b"$argon2id$v=19$m=19456,t=2,p=1$" in journal
    assert b"correct horse" not in journal
