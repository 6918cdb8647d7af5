"""Whatever is sent to our port: the process lives, its memory is bounded, and calls between are judged rightly."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from pathlib import Path

from attacking import Attacker
from house import UNWANTED, WANTED, House
from registrar import Registrar, until
from running import free_port
from torture import mutated

from firmware.lines.sip.account import account_from
from firmware.lines.sip.agent.__main__ import Agent
from firmware.lines.sip.agent.links import connect

Houses = Callable[..., House]


def memory(house: House) -> int:
    """Bytes that the process holds."""
    agent = house.line._agent
    assert agent
    text = Path(f"/proc/{agent.pid}/status").read_text()
    return int(text.partition("VmRSS:")[2].split()[0]) << 10


def judges_rightly(house: House) -> None:
    """One call that is to be taken, and one that is to be left."""
    assert house.caller(UNWANTED).outcome() == "taken"
    assert house.caller(WANTED, patience=100).outcome() == "487"


def test_the_torture_messages_of_rfc_4475_harm_nothing(house: Houses) -> None:
    home = house()
    agent, port = home.line._agent, home.line.state.port
    assert agent
    assert port
    with Attacker(port) as attacker:
        for name in attacker.torment():
            assert agent.poll() is None, name
    judges_rightly(home)
    assert home.line._agent is agent


def test_an_invite_as_long_as_may_be_harms_nothing(house: Houses) -> None:
    home = house()
    agent = home.line._agent
    with Attacker(home.line.state.port or 0) as attacker:
        attacker.send([attacker.longest()])
    until(lambda: home.calls, "it is not told")
    judges_rightly(home)
    assert home.line._agent is agent


def test_mutated_messages_harm_nothing_and_leak_nothing(house: Houses) -> None:
    home = house()
    agent, port = home.line._agent, home.line.state.port
    assert agent
    assert port
    before = memory(home)
    with Attacker(port) as attacker:
        attacker.send(attacker.mutated(300))
    judges_rightly(home)
    assert home.line._agent is agent
    assert memory(home) - before < 32 << 20


def test_what_cannot_be_taken_in_leaves_no_transaction_behind() -> None:
    wishes = {"name": "Home", "server": "127.0.0.1:5060", "user": "line", "password": "secret"}
    link = connect(account_from(wishes), 0)
    agent = Agent(account_from(wishes), link, io.StringIO())
    begun = agent._calls._config["_sip_tm"].tserver
    ours, theirs = (f"127.0.0.1:{port}" for port in (link.local[1], 5060))
    for message in mutated(3000, ours, theirs, seed=4475):
        link._arrived(message)
    assert begun
    assert all(transaction.data for transaction in begun.values())


def test_a_scanner_finds_no_telephone(tmp_path: Path, registrar: Registrar, house: Houses) -> None:
    home = house()

    def found(port: int) -> bool:
        scan = ["svmap", "-b", "127.0.0.2", "-P", str(free_port()), "-p", str(port), "127.0.0.1"]
        told = subprocess.run(scan, capture_output=True, text=True, timeout=60, cwd=tmp_path)
        return f"127.0.0.1:{port}" in told.stdout + told.stderr

    assert found(registrar.port)
    assert not found(home.line.state.port or 0)


def test_what_comes_from_elsewhere_is_not_read(house: Houses) -> None:
    home = house()
    with Attacker(home.line.state.port or 0, "127.0.0.3") as attacker:
        for _ in attacker.torment():
            pass
        assert not attacker.hears()
    judges_rightly(home)
    assert [call.caller_id and call.caller_id.number for call in home.calls] == [UNWANTED, WANTED]
