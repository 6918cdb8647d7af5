from collections.abc import Callable

from visiting import Visitor

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
