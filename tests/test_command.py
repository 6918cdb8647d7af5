"""The `ringfence` command, as a person at a terminal uses it."""

import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from running import COMMAND

from firmware.call import Call
from firmware.calls.log import as_document
from firmware.lists.building import build
from firmware.store import open_store


def ringfence(*args: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*COMMAND, *args], input=stdin, capture_output=True, timeout=60, check=False)


def test_every_command_of_the_readme_exists() -> None:
    told = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    listed = ringfence("--help").stdout.decode().split("Commands:")[1]
    for line in listed.strip().splitlines():
        command = line.split()[0]
        if command not in ("demo", "version"):
            assert f"`ringfence {command}" in told, command


def test_version_prints_the_version() -> None:
    assert ringfence("version").stdout.startswith(b"ringfence 0.")


def test_decode_prints_one_object_for_each_ring_and_caller_id() -> None:
    done = ringfence("decode", stdin=b"\r\nRING\r\n\r\nDATE = 1124\r\nTIME = 1806\r\nNMBR = 16210123456\r\n")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [event["event"] for event in events] == ["ring", "caller_id"]
    assert {key: events[1][key] for key in ("number", "name", "date", "time", "absence")} == {
        "number": "16210123456", "name": None, "date": "11-24", "time": "18:06", "absence": None,
    }  # fmt: skip


def test_explain_shows_the_way_to_the_verdict(tmp_path: Path) -> None:
    done = ringfence("explain", "+86 110", "--data", str(tmp_path))
    assert b"protected: is allow" in done.stdout
    assert b"Verdict: allow" in done.stdout


def test_explain_as_json_is_what_the_api_gives(tmp_path: Path) -> None:
    path = json.loads(ringfence("explain", "16210123456", "--json", "--data", str(tmp_path)).stdout)
    assert path["number"] == "+8616210123456"
    assert path["verdict"] == {
        "action": "allow", "reason": "default", "rule": None, "match": None, "how": None,
    }  # fmt: skip
    assert path["who"]["kind"] == "mvno"


def test_explain_leaves_no_trace(tmp_path: Path) -> None:
    ringfence("explain", "110", "--data", str(tmp_path / "data"))
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["run", "--pins", "mock", "--config", "/nowhere.toml"], b"nowhere.toml"),
        (["run", "--pins", "auto", "--data", "{}"], b"--pins mock"),
        (["run", "--pins", "mock", "--http", "nonsense", "--data", "{}"], b"nonsense"),
        (["release", "--pins", "auto"], b"--pins mock"),
        (["token", "", "--data", "{}"], b""),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(tmp_path: Path, args: list[str], says: bytes) -> None:
    done = ringfence(*(arg.format(tmp_path / "data") for arg in args))
    assert done.returncode == 1
    assert done.stderr.startswith(b"Error: ")
    assert says in done.stderr
    assert b"Traceback" not in done.stderr


def test_doctor_ends_with_a_fault_when_something_fails(tmp_path: Path) -> None:
    done = ringfence("doctor", "--data", str(tmp_path), "--pins", "auto")
    assert done.returncode == 1
    assert b"fail  pins" in done.stdout


def test_replay_and_explain_heed_the_lists_and_what_was_marked(tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    (tmp_path / "text").write_text("".join(f"1621012{place:04}\n" for place in range(0, 10_000, 50)))
    build(tmp_path / "text", tmp_path / "lists" / "1.list", "CN")
    listed = {"name": "others", "action": "block", "url": None, "on": True}
    with open_store(tmp_path / "store.journal") as db:
        db.replace({"lists": {1: listed, 2: listed}, "settings": {1: {"pools": "block"}}})
    (tmp_path / "calls.csv").write_text(
        "time,number,talked\n"
        + "".join(f"2026-03-0{day}T10:00:00,1621012{day}123,4.5\n" for day in range(1, 4))
    )
    data = ("--data", str(tmp_path))
    shown = ringfence("replay", str(tmp_path / "calls.csv"), *data).stdout.decode().splitlines()
    assert [line.rpartition("  ")[2] for line in shown[:3]] == [
        "allow: default", "allow: default", "block: pool by 1621012????",
    ]  # fmt: skip
    shown = ringfence("explain", "16210120050", *data).stdout.decode()
    assert "list: is block by others: +8616210120050" in shown
    began = datetime.now(UTC).replace(hour=10, minute=0)
    calls = {
        place: {
            **as_document(Call("modem", began - timedelta(days=place), None, rings=3, talked=40.0)),
            "number": f"+861653321{place}123", "presented": f"1653321{place}123", "over": True,
        }
        for place in range(1, 5)
    }  # fmt: skip
    for remarks, told in (({}, False), ({place: {"kind": "loans"} for place in calls}, True)):
        with open_store(tmp_path / "calls.journal") as db:
            db.replace({"calls": calls, "remarks": remarks})
        shown = ringfence("explain", "16533219876", *data).stdout.decode()
        assert ("pool: is block by 1653321????" in shown) is told


def test_replay_finds_pools_of_look_alikes_and_blocks_them(tmp_path: Path) -> None:
    rows = [f"2026-03-{day:02}T10:00:00,1621012{day * 917 % 10_000:04},3,4.5\n" for day in range(1, 12)]
    (tmp_path / "calls.csv").write_text("time,number,rings,talked\n" + "".join(rows))
    calls = (str(tmp_path / "calls.csv"), "--data", str(tmp_path))
    shown = ringfence("replay", *calls, "--pools").stdout.decode()
    assert "block: pool by 1621012????" in shown
    assert "pool 1621012????: 11 numbers, 3 hung up on, 0 wanted, 8 calls blocked" in shown
    last = ringfence("replay", *calls, "--pools", "--json").stdout.splitlines()[-1]
    assert json.loads(last)["pools"][0]["match"] == "1621012????"
    assert b"block" not in ringfence("replay", *calls).stdout
