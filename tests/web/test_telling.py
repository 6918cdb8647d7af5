"""Where notices go, on the page and in the API: the addresses are taken, and never told."""

from asking import Ask
from visiting import Visitor, led

URL = "ntfy://127.0.0.1:9/s3cret"


def test_an_address_is_kept_tested_and_removed(owner: Visitor) -> None:
    assert "No addresses yet." in owner.get("/settings/notices").text
    answer = owner.post("/settings/notices", {"name": "<Phone>", "url": f" {URL} "})
    assert led(answer) == "/settings/notices?said=notices_kept"
    html = owner.get("/settings/notices").text
    assert "&lt;Phone&gt;" in html
    assert ">ntfy<" in html
    assert owner.post("/settings/notices/1/test").location == "/settings/notices?said=unsent_address"
    assert "a home network" in owner.get("/settings/notices?said=unsent_address").text
    assert owner.post("/settings/notices/2/test").status_code == 404
    owner.post("/settings/notices/1/remove")
    assert "No addresses yet." in owner.get("/settings/notices").text


def test_what_is_no_address_is_refused_in_plain_words(owner: Visitor) -> None:
    for form, code in (({"name": "", "url": URL}, "name"), ({"name": "A", "url": "x"}, "url"), ({}, "name")):
        answer = owner.post("/settings/notices", form)
        assert answer.location == f"/settings/notices?said=notices_{code}"
        assert 'class="said bad"' in owner.get(answer.location).text


def test_the_api_takes_addresses_and_tells_none(ask: Ask, owner: Visitor) -> None:
    kept = ask("POST", "/api/v1/notices", json={"name": "A", "url": URL})
    assert kept.json == {"id": 1, "name": "A", "service": "ntfy", "fault": None, "waiting": 0}
    told = [ask("GET", path).text for path in ("/api/v1/notices", "/api/v1/backup", "/api/v1/settings")]
    assert "s3cret" not in "".join([*told, owner.get("/settings/notices").text])
    answer = ask("POST", "/api/v1/notices/1/test")
    assert (answer.status_code, answer.json["code"]) == (502, "address")
    assert ask("POST", "/api/v1/notices/2/test").status_code == 404
    assert ask("DELETE", "/api/v1/notices/1").status_code == 204
    assert ask("DELETE", "/api/v1/notices/1").status_code == 404
    assert ask("POST", "/api/v1/notices", json={"name": "A", "url": "x"}).json["code"] == "url"
