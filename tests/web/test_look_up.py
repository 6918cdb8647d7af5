from collections.abc import Callable

from test_injection import NAMES
from visiting import Visitor, led

from firmware.appliance import Appliance

Ring = Callable[..., int]


def test_what_the_digits_tell_stands_with_its_name(owner: Visitor) -> None:
    html = owner.get("/check?number=16210123456").text
    for name, told in (
        ("Segment", "1621012*"),
        ("Kind", "virtual operator"),
        ("Host network", "China Telecom"),
    ):
        assert f"<dt>{name}</dt><dd>{told}</dd>" in html
    assert "<dt>Operator</dt><dd>China Mobile</dd>" in owner.get("/check?number=13900010086").text


def test_a_number_is_shown_with_its_calls_and_those_of_its_look_alikes(
    owner: Visitor, ring: Ring, appliance: Appliance
) -> None:
    ring("16210123456")
    ring("16210129999", "<b>x</b>")
    ring("16310129999")
    html = owner.get("/check?number=16210123456").text
    own, alike = html.split('id="calls-of"')[1].split('id="calls-alike"')
    assert own.count("<li") == alike.count("<li") == 1
    assert "16210129999" in alike
    assert "1 call from 1621012*, 0 of them blocked." in alike


def test_a_number_too_short_for_look_alikes_has_none(owner: Visitor) -> None:
    html = owner.get("/check?number=110").text
    assert "No number of the same segment has called of late." in html
    assert "<dt>Segment</dt>" not in html


def test_a_number_is_looked_up_with_every_step(owner: Visitor, appliance: Appliance, ring: Ring) -> None:
    appliance.household.turn_set("mvno", on=True)
    ring("17021550198")
    html = owner.get("/check?number=170 2155 0198").text
    for told in ("virtual operator", "China Telecom", "Qingdao, Shandong"):
        assert f"<dd>{told}</dd>" in html
    assert "Blocked by your rule: numbers that begin with 170" in html
    assert html.count("This decides.") == 1
    assert "Its last calls" in html
    assert html.count("does not apply") == 7


def test_a_number_is_judged_at_another_time(owner: Visitor, appliance: Appliance) -> None:
    appliance.household.add_rule({"match": "162*", "action": "block", "when": "22:00-07:00"})
    night = owner.get("/check?number=16210123456&at=2030-01-01T23:00").text
    noon = owner.get("/check?number=16210123456&at=2030-01-01T12:00").text
    assert "Blocked by your rule" in night
    assert "1 Jan 2030 23:00" in night
    assert "Let through: no rule is against it" in noon


def test_a_time_that_is_none_is_refused(owner: Visitor) -> None:
    for at in ("x", "2030-99-01T00:00", *NAMES):
        answer = owner.client.get(
            "/check", query_string={"number": "16210123456", "at": at}, headers=owner.headers
        )
        assert answer.status_code == 400
        assert "That is no day and time." in answer.text


def test_a_number_can_be_blocked_where_it_was_looked_up(owner: Visitor, appliance: Appliance) -> None:
    assert "Block this number" in owner.get("/check?number=16210123456").text
    owner.post("/rules", {"match": "+8616210123456", "action": "block"})
    assert "Always let this number through" in owner.get("/check?number=16210123456").text
    assert "this number" not in owner.get("/check?number=110").text.partition("steps")[0]


def test_a_number_that_was_looked_up_is_known_with_one_tap(owner: Visitor, appliance: Appliance) -> None:
    assert "I have called it" in owner.get("/check?number=16210123456").text
    assert led(owner.post("/known", {"number": "+8616210123456"})) == "/contacts?said=known_kept"
    assert "I have called it" not in owner.get("/check?number=16210123456").text
    assert led(owner.post("/known", {"number": "162*"})) == "/contacts?said=known_number"
    assert len(appliance.household.known()) == 1
