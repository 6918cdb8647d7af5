"""The whole of it: the appliance and its proxy as two processes, sipp as provider and handset, the page's API."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest
from running import COMMAND, Running, free_port
from sipp import House, calls, handset, number
from started import ended, started

Wait = Callable[..., None]


@pytest.fixture(scope="module")
def house() -> House:
    return House()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("house")


@pytest.fixture(scope="module")
def config(folder: Path, house: House) -> Path:
    path = folder / "ringfence.toml"
    path.write_text(
        f'''[proxy]
provider = "{house.provider}:5060"
handsets = ["{house.handset}"]
handset = "{house.handset}:5060"
listen = ["udp:{house.proxy}:5060"]
refuse = 608
card = "https://provider.example/card.json"
events = {free_port()}
'''
    )
    return path


@pytest.fixture(scope="module")
def running(folder: Path, config: Path) -> Iterator[Running]:
    with Running(folder, "/no-modem", "--config", str(config)) as running:
        yield running


@pytest.fixture(scope="module")
def proxy(folder: Path, config: Path, running: Running) -> Iterator[None]:
    command = [*COMMAND, "sip-proxy", "--config", str(config), "--data", str(folder / "data")]
    process = started(command, folder / "proxy.log")
    yield
    ended(process)


def line(running: Running) -> dict[str, Any]:
    """The line's state; nothing while the appliance starts."""
    try:
        return next(line for line in running.get("status")["lines"] if line["name"] == "proxy")
    except (OSError, HTTPException):
        return {"state": None, "fault": None}


def test_until_the_proxy_runs_the_page_says_so(running: Running, wait_until: Wait) -> None:
    wait_until(lambda: line(running)["fault"] == "no_proxy", 20)


@pytest.mark.usefixtures("proxy")
def test_a_rule_of_the_page_refuses_a_call_and_the_log_has_it(
    folder: Path, house: House, running: Running, wait_until: Wait
) -> None:
    wait_until(lambda: line(running)["state"] == "guarding", 20)
    status, _ = running.request("POST", "rules", {"match": "162*", "action": "block"})
    assert status == 201
    with (
        handset(folder, house.handset) as phone,
        calls(folder, house, [number("+8616210000001"), number("+8613800000001")], talk=300) as caller,
    ):
        assert caller.wait(), caller.errors
        assert "SIP/2.0 608 Rejected" in caller.log
        assert "Call-Info: <https://provider.example/card.json>;purpose=jwscard" in caller.log
        assert phone.log.count("rang") == 1
    wait_until(lambda: sum(call["over"] for call in running.get("calls")["calls"]) == 2)
    wait_until(lambda: any(call["talked"] for call in running.get("calls")["calls"]))
    blocked = next(call for call in running.get("calls")["calls"] if call["number"] == "+8616210000001")
    assert (blocked["line"], blocked["cut"], blocked["verdict"]["action"]) == ("proxy", True, "block")


@pytest.mark.usefixtures("proxy")
def test_an_emergency_number_that_calls_back_comes_through_whatever_the_rules_say(
    folder: Path, house: House, running: Running, wait_until: Wait
) -> None:
    wait_until(lambda: line(running)["state"] == "guarding", 20)
    status, answer = running.request("POST", "rules", {"match": "kind:anyone", "action": "block"})
    assert status == 201
    with handset(folder, house.handset), calls(folder, house, [number("110")]) as caller:
        assert caller.wait(), caller.errors
        assert "passed" in caller.log
    running.request("DELETE", f"rules/{answer['id']}")


def test_the_configuration_is_printed(folder: Path, config: Path) -> None:
    command = [sys.executable, "-P", "-m", "firmware", "sip-proxy", "--print", "--config", str(config)]
    printed = subprocess.check_output([*command, "--data", str(folder / "data")], text=True)
    assert printed.startswith("#!KAMAILIO")
    assert "RF_CODE!608!" in printed
    assert "request_route" in printed


def test_what_the_command_itself_has_to_run_for_is_not_printed(folder: Path) -> None:
    config = folder / "tls.toml"
    config.write_text('[proxy]\nprovider = "127.0.0.2;transport=tls"\n')
    command = [*COMMAND, "sip-proxy", "--print", "--config", str(config), "--data", str(folder / "other")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (os.EX_CONFIG, "")
    assert "run that on each machine" in done.stderr


@pytest.mark.parametrize(("provider", "told"), [("localhost:5060", True), ("127.0.0.2", False)])
def test_of_a_name_that_may_move_it_is_said_what_is_not_served(
    folder: Path, provider: str, told: bool
) -> None:
    config = folder / "named.toml"
    config.write_text(f'[proxy]\nprovider = "{provider}"\n')
    command = [*COMMAND, "sip-proxy", "--print", "--config", str(config), "--data", str(folder / "other")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("#!KAMAILIO")
    assert ("localhost is known at sip:127.0.0.1:5060" in done.stderr) is told


def test_without_a_provider_the_command_says_so(folder: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "sip-proxy", "--data", str(folder / "other")], capture_output=True, text=True, check=False
    )
    assert done.returncode == os.EX_CONFIG
    assert "provider" in done.stderr
