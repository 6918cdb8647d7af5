from flask import Flask
from visiting import PASSWORD, Visitor

from firmware.appliance import Appliance
from web import create_app


def claimed(app: Flask, code: str) -> Visitor:
    visitor = Visitor(app)
    assert visitor.claim(code, PASSWORD).location == "/welcome"
    return visitor


def test_the_steps_are_taken_one_after_another(app: Flask, code: str, appliance: Appliance) -> None:
    visitor = claimed(app, code)
    assert visitor.get("/welcome").location == "/welcome/place"
    assert visitor.post("/welcome/place", {"region": "US", "area": "212"}).location == "/welcome/line"
    settings = appliance.household.settings()
    assert (settings["region"], settings["area"]) == ("US", "212")
    assert visitor.post("/welcome/next", {"step": "line"}).location == "/welcome/board"
    assert visitor.post("/welcome/next", {"step": "board"}).location == "/welcome/sets"
    assert visitor.post("/welcome/sets", {"set": ["withheld", "night"]}).location == "/welcome/ready"
    assert {one["name"] for one in appliance.household.sets() if one["on"]} == {"withheld", "night"}
    assert "first steps" not in visitor.get("/").text


def test_they_are_left_and_resumed_even_after_a_restart(app: Flask, code: str, appliance: Appliance) -> None:
    visitor = claimed(app, code)
    visitor.post("/welcome/next", {"step": "place"})
    assert "3 of the first steps are left" in visitor.get("/").text
    again = Visitor(create_app(appliance))
    again.sign_in()
    assert again.get("/welcome").location == "/welcome/line"


def test_leaving_for_good_ends_the_reminder(app: Flask, code: str) -> None:
    visitor = claimed(app, code)
    assert visitor.post("/welcome/ready").location == "/"
    assert "first steps are left" not in visitor.get("/").text
    assert visitor.get("/welcome").location == "/welcome/place"


def test_a_place_that_is_none_is_named_and_what_was_typed_stays(app: Flask, code: str) -> None:
    visitor = claimed(app, code)
    answer = visitor.post("/welcome/place", {"region": "CN", "area": "abc"})
    assert answer.status_code == 400
    assert 'value="abc"' in answer.text
    assert 'role="alert"' in answer.text


def test_each_ready_made_set_says_what_it_means(app: Flask, code: str, appliance: Appliance) -> None:
    html = claimed(app, code).get("/welcome/sets").text
    assert html.count('type="checkbox"') == len(appliance.household.sets())
    assert "Operators without a network of their own" in html


def test_a_step_that_is_none_leads_on_from_the_first(app: Flask, code: str) -> None:
    assert claimed(app, code).post("/welcome/next", {"step": "../x"}).location == "/welcome/line"
