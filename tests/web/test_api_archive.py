import io
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from asking import Ask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firmware.appliance import Appliance
from firmware.backups import backup as backup_file
from web.api.archive import MOST_REPLAYED

HEAD = '{"format": "ringfence backup 1"}\n'


def replay(ask: Ask, text: str | bytes) -> Any:
    return ask("POST", "/api/v1/replay", data=text, content_type="text/csv")


def restore(ask: Ask, *documents: dict[str, Any], head: str = HEAD) -> Any:
    body = head + "".join(json.dumps(doc) + "\n" for doc in documents)
    return ask("POST", "/api/v1/restore", data=body, content_type="application/x-ndjson")


def backup(ask: Ask, query: str = "") -> list[dict[str, Any]]:
    return [json.loads(line) for line in ask("GET", f"/api/v1/backup{query}").text.splitlines()]


def test_recorded_calls_are_judged_by_the_rules_that_are_kept(ask: Ask, appliance: Appliance) -> None:
    rule = appliance.household.add_rule({"match": "162*", "action": "block", "when": "22:00-07:00"})
    appliance.household.change_settings({"zone": "Asia/Shanghai", "withheld": "block"})
    table = "time,number,name\n2026-03-01T23:00,16210123456,A\n2026-03-01T12:00,16210123456,\n2026-03-01T12:00,P,\n"
    found = replay(ask, b"\xef\xbb\xbf" + table.encode()).json
    assert found["totals"] == {"block rule": 1, "allow default": 1, "block withheld": 1}
    night, day, withheld = found["calls"]
    assert (night["time"], night["number"], night["name"]) == (
        "2026-03-01T23:00:00+08:00",
        "16210123456",
        "A",
    )
    assert night["verdict"]["rule"] == rule["id"]
    assert (day["verdict"]["action"], withheld["number"]) == ("allow", None)


def test_a_replay_leaves_nothing_behind(ask: Ask, appliance: Appliance) -> None:
    appliance.household.add_rule({"match": "kind:ring-once", "action": "block"})
    replay(ask, "time,number,rings\n2026-03-01T23:00,16210123456,1\n")
    query = {"number": "16210123456", "at": "2026-03-02"}
    assert ask("GET", "/api/v1/explain", query_string=query).json["verdict"]["action"] == "allow"
    assert appliance.calls() == []


def test_what_is_no_table_of_calls_is_refused_with_a_code(ask: Ask) -> None:
    row = "2026-03-01T23:00,16210123456\n"
    refused = {
        b"": "csv",
        b"time\n": "csv",
        b"time,number\nx,1\n": "csv",
        b"time,number\n0001-01-01T00:00+14:00,1\n": "csv",
        b"time,number\n9999-12-31T23:59,1\n": "csv",
        b"time,number,rings\n2026-03-01,1,x\n": "csv",
        b"time,number\n\xff,1\n": "encoding",
        b'time,number\n"' + b"x" * 200_000: "csv",
        ("time,number\n" + row * (MOST_REPLAYED + 1)).encode(): "too_many",
    }
    for body, code in refused.items():
        answer = replay(ask, body)
        assert (answer.status_code, answer.json["code"]) == (422, code), body[:80]


def test_a_backup_has_what_the_household_made_and_its_calls(ask: Ask, ring: Callable[..., int]) -> None:
    ring("13810123456", "<name>")
    ask("POST", "/api/v1/rules", json={"match": "162*", "action": "block", "note": "骚扰"})
    ask("POST", "/api/v1/contacts", json={"name": "张三", "numbers": ["16210000000"]})
    ask("POST", "/api/v1/passes", json={})
    ask("POST", "/api/v1/lists", json={"name": "L", "url": "https://example.org/"})
    ask("PATCH", "/api/v1/settings", json={"withheld": "block"})
    head, *documents = backup(ask)
    assert head["format"] == "ringfence backup 1"
    tables = [doc["table"] for doc in documents]
    assert tables == ["settings", "rules", "contacts", "passes", "lists", "calls"]
    assert [doc["table"] for doc in backup(ask, "?calls=0")[1:]] == tables[:-1]
    assert "骚扰" in ask("GET", "/api/v1/backup").text


def test_a_backup_is_a_file_to_keep(ask: Ask) -> None:
    answer = ask("GET", "/api/v1/backup")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=ringfence-2")
    assert ask("GET", "/api/v1/backup?calls=2").status_code == 400


def test_a_backup_holds_no_secret(ask: Ask, appliance: Appliance, owner: object) -> None:
    text = ask("GET", "/api/v1/backup").text
    assert not any(
        f'"{table}"' in text for table in ("accounts", "sessions", "notice_addresses", "list_tokens")
    )
    assert "argon2" not in text
    assert (appliance.data / "secret").read_text() not in text


def test_a_backup_lets_nobody_in_and_gives_no_secret_away(
    ask: Ask, appliance: Appliance, owner: object
) -> None:
    """Nor does it give a place to which a secret would be sent."""
    tables = ("accounts", "sessions", "notice_addresses", "list_tokens")
    before = {table: dict(appliance.db.table(table).raw()) for table in tables}
    doc = {
        "name": "x",
        "role": "owner",
        "password": "$argon2id$",
        "key": "x",
        "account": 1,
        "began": time.time(),
    }
    doc |= {"service": "ntfy", "url": "ntfy://example.org/t", "token": "x"}
    answer = restore(ask, *({"table": table, "id": id, **doc} for table in tables for id in (1, 2)))
    assert answer.status_code == 200
    assert {table: dict(appliance.db.table(table).raw()) for table in tables} == before


def test_what_was_backed_up_is_as_it_was_after_a_restore(ask: Ask, appliance: Appliance) -> None:
    ask(
        "POST", "/api/v1/rules", json={"match": "162*", "action": "block", "when": "22:00-07:00", "on": False}
    )
    ask("POST", "/api/v1/contacts", json={"name": "张三", "numbers": ["16210000000"], "groups": ["G"]})
    ask("POST", "/api/v1/passes", json={"segments": ["163*"]})
    ask("POST", "/api/v1/lists", json={"name": "L", "url": "https://example.org/"})
    ask("PATCH", "/api/v1/settings", json={"withheld": "block"})
    rooms = ("rules", "contacts", "passes", "settings")
    before = [ask("GET", f"/api/v1/{room}").json for room in rooms]
    text = ask("GET", "/api/v1/backup").text
    ask("DELETE", "/api/v1/rules/1")
    ask("DELETE", "/api/v1/lists/1")
    ask("PATCH", "/api/v1/settings", json={"withheld": "allow"})
    ask("POST", "/api/v1/rules", json={"match": "164*", "action": "block"})
    answer = ask("POST", "/api/v1/restore", data=text.encode(), content_type="application/x-ndjson")
    assert answer.json == {
        "kept": {"rules": 1, "contacts": 1, "passes": 1, "pools": 0, "sip": 0, "settings": 1, "lists": 1},
        "skipped": 0,
    }
    assert [ask("GET", f"/api/v1/{room}").json for room in rooms] == before
    assert [one["name"] for one in ask("GET", "/api/v1/lists").json["lists"]] == ["L"]
    assert appliance.household.screening.policy.withheld == "block"


def test_a_restored_list_is_not_taken_for_the_one_that_had_its_id(ask: Ask, appliance: Appliance) -> None:
    ask("POST", "/api/v1/lists/upload?name=U", data=b"162*\n")
    assert list((appliance.data / "lists").iterdir())
    restore(ask, {"table": "lists", "id": 1, "name": "L", "url": "https://example.org/", "action": "block"})
    assert list((appliance.data / "lists").iterdir()) == []
    assert [one["id"] for one in appliance.lists.lists()] != [1]


def test_an_uploaded_list_is_in_the_backup_and_comes_back(
    ask: Ask, appliance: Appliance, wait_until: Callable[..., None]
) -> None:
    appliance.lists.start()
    ask("POST", "/api/v1/lists/upload?name=U", data=b"162*\n16310123456\n")
    wait_until(lambda: appliance.lists.lists()[0]["built"])
    text = ask("GET", "/api/v1/backup?calls=0").text
    assert '"numbers": ["162*", "16310123456"]' in text
    ask("DELETE", "/api/v1/lists/1")
    answer = ask("POST", "/api/v1/restore", data=text.encode(), content_type="application/x-ndjson")
    assert (answer.json["kept"]["lists"], answer.json["skipped"]) == (1, 0)
    wait_until(lambda: appliance.lists.lists()[0]["built"])
    assert ask("GET", "/api/v1/explain?number=16310123456").json["verdict"]["reason"] == "list"
    assert not (appliance.data / "lists" / "restored").exists()


def test_the_calls_stay_whatever_is_restored(ask: Ask, ring: Callable[..., int]) -> None:
    id = ring("13810123456")
    restore(ask, {"table": "calls", "id": 99, "number": "1"})
    assert [call["id"] for call in ask("GET", "/api/v1/calls").json["calls"]] == [id]


def test_what_is_no_backup_changes_nothing(ask: Ask, appliance: Appliance) -> None:
    appliance.household.add_rule({"match": "162*", "action": "block"})
    for head in ("", "x", "[]\n", '{"format": "ringfence backup 2"}\n', "[" * 100_000):
        answer = restore(ask, {"table": "rules", "id": 1, "match": "163*", "action": "block"}, head=head)
        assert (answer.status_code, answer.json["code"]) == (422, "format")
    assert [rule["match"] for rule in appliance.household.rules()] == ["162*"]


def test_more_wishes_than_fit_into_memory_are_refused(
    ask: Ask, appliance: Appliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup_file, "MOST_WANTED", 10)
    rule = {"table": "rules", "match": "162*", "action": "block"}
    answer = restore(ask, *({**rule, "id": id} for id in range(1, 13)))
    assert (answer.status_code, answer.json["code"]) == (422, "too_many")
    assert restore(ask, *({**rule, "table": "calls", "id": id} for id in range(1, 13))).status_code == 200
    assert appliance.household.rules() == []


def test_what_makes_no_sense_in_a_backup_is_left_out(ask: Ask, appliance: Appliance) -> None:
    deep: Any = "x"
    for _ in range(400):
        deep = [deep]
    until = {"until": "0001-01-01T00:00:00+14:00"}
    nonsense: list[dict[str, Any]] = [
        {"table": "rules", "match": "110", "action": "block"},
        {"table": "rules", "match": "\ud800", "action": "block"},
        {"table": "rules", "match": "163*", "action": "block", "created": "yesterday"},
        {"table": "rules", "match": "163*", "action": "block"} | until,
        {"table": "contacts", "name": "\ud800", "numbers": ["16210000000"], "groups": []},
        {"table": "contacts", "name": deep, "numbers": 5, "groups": None},
        {"table": "contacts", "name": "A", "numbers": ["16210000000"], "groups": ["\ud800"]},
        {"table": "passes", "segments": ["162*"], **until},
        {"table": "passes", "segments": ["\ud800"], "until": None},
        {"table": "passes", "segments": [], "until": None},
        {"table": "passes", "segments": "162*", "until": None},
        {"table": "passes", "segments": ["162*"], "until": []},
        {"table": "passes", "segments": ["x" * 101], "until": None},
        {"table": "lists", "name": "L", "url": "file:///etc/passwd", "action": "block"},
        {"table": "lists", "name": "L", "url": "https://example.org/", "action": ["block"]},
        {"table": "lists", "name": ["L"], "url": "https://example.org/", "action": "block"},
    ]
    documents = [{"id": id, **doc} for id, doc in enumerate(nonsense, 1)]
    assert restore(ask, *documents).json["kept"] == {
        "rules": 0, "contacts": 0, "passes": 0, "pools": 0, "sip": 0, "settings": 0, "lists": 0,
    }  # fmt: skip


def test_lines_that_are_none_are_counted(ask: Ask) -> None:
    lines = (
        b"",
        b"x",
        b"\xff",
        b"[]",
        b'{"table": 1, "id": 1}',
        b'{"table": "rules", "id": 0}',
        b"[" * 50_000,
    )
    body = io.BytesIO(HEAD.encode() + b"\n".join(lines) + b"\n")
    found = ask("POST", "/api/v1/restore", data=body, content_type="application/x-ndjson").json
    assert found["skipped"] == len(lines)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
FIELDS = (
    "match",
    "action",
    "name",
    "numbers",
    "groups",
    "segments",
    "until",
    "created",
    "url",
    "withheld",
    "of",
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    table=st.sampled_from(("rules", "contacts", "passes", "settings", "lists")),
    doc=st.dictionaries(st.sampled_from(FIELDS), JSON | st.sampled_from(("block", "162*")), max_size=6),
)
def test_any_document_is_kept_or_left_out(ask: Ask, table: str, doc: dict[str, Any]) -> None:
    assert restore(ask, {"table": table, "id": 1, **doc}).status_code == 200
    for room in ("rules", "contacts", "passes", "lists", "settings"):
        assert ask("GET", f"/api/v1/{room}").status_code == 200


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=200) | st.text(alphabet="time,number\n\"'2026-03-01T:+PO", max_size=80).map(str.encode)
)
def test_any_table_is_judged_or_refused(ask: Ask, text: bytes) -> None:
    assert replay(ask, b"time,number\n" + text).status_code in (200, 422)
