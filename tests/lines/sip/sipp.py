"""SIP peers on loopback: sipp as the provider's caller and as a handset."""

from __future__ import annotations

import itertools
import random
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from started import started

_serial = itertools.count(1)

INVITED = """<send retrans="500"><![CDATA[
INVITE {uri} SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: {caller};tag=[pid]-[call_number]
To: <sip:line@[remote_ip]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:provider@[local_ip]:[local_port];transport=[transport]>
Max-Forwards: 70
[field1]
Content-Length: 0

]]></send>
<recv response="100" optional="true"/>
"""
WITHIN = """Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
[routes]
From: {caller};tag=[pid]-[call_number]
[last_To:]
Call-ID: [call_id]
"""
TAKEN = f"""<send><![CDATA[
ACK [next_url] SIP/2.0
{WITHIN}CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

]]></send>
"""
HUNG_UP = f"""<send retrans="500"><![CDATA[
BYE [next_url] SIP/2.0
{WITHIN}CSeq: 2 BYE
Max-Forwards: 70
Content-Length: 0

]]></send>
<recv response="200"/>
"""
REFUSED = """<send><![CDATA[
ACK {uri} SIP/2.0
[last_Via:]
From: {caller};tag=[pid]-[call_number]
[last_To:]
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

]]></send>
"""
CONFIRMED = """<send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
"""
"""Parts of scenarios: how `{caller}` calls `{uri}`, what it sends when the call was taken, to end it, and when it was
refused; and what answers a BYE."""

CALLER = f"""<?xml version="1.0" encoding="ISO-8859-1"?>
<scenario name="caller">
{INVITED}<recv response="180" optional="true"/>
<recv response="183" optional="true"/>
<recv response="603" optional="true" next="refused"/>
<recv response="607" optional="true" next="refused"/>
<recv response="608" optional="true" next="refused"/>
<recv response="200" rrs="true" rtd="true"/>
{TAKEN}<pause milliseconds="{{talk}}"/>
{HUNG_UP}<nop next="done"><action><log message="passed {{caller}}"/></action></nop>
<label id="refused"/>
{REFUSED}<nop><action><log message="refused {{caller}}
[last_message]
."/></action></nop>
<label id="done"/>
</scenario>
"""

ANSWERED = """[last_Via:]
[last_From:]
[last_To:];tag=[pid]-[call_number]
[last_Call-ID:]
[last_CSeq:]
[last_Record-Route:]
Contact: <sip:handset@[local_ip]:[local_port];transport=[transport]>
Content-Length: 0

]]></send>
"""
HANDSET = f"""<?xml version="1.0" encoding="ISO-8859-1"?>
<scenario name="handset">
<recv request="INVITE" rrs="true"/>
{{noted}}<send><![CDATA[
SIP/2.0 180 Ringing
{ANSWERED}<pause milliseconds="{{ring}}"/>
<send retrans="500"><![CDATA[
SIP/2.0 200 OK
{ANSWERED}<recv request="ACK" optional="true"/>
<recv request="BYE"/>
{CONFIRMED}</scenario>
"""


NOTED = """<nop><action><log message="rang [last_From:]"/></action></nop>
"""


class House:
    """Addresses of one test on loopback: `.proxy`, `.provider`, `.handset`, `.stranger`, all with port 5060."""

    def __init__(self) -> None:
        self.net = f"127.{random.randrange(1, 250)}.{random.randrange(1, 250)}"
        self.proxy, self.provider, self.handset, self.handset2, self.stranger = (
            f"{self.net}.{host}" for host in range(1, 6)
        )


class Sipp:
    """One sipp, in `folder`, at `address`. `log` has what its scenario wrote down."""

    def __init__(self, folder: Path, scenario: str, address: str, *options: str, port: int = 5060) -> None:
        self._path = folder / f"sipp-{next(_serial)}"
        self._path.mkdir()
        (self._path / "scenario.xml").write_text(scenario, "utf-8")
        command = ["sipp", "-sf", "scenario.xml", "-i", address, "-p", str(port), "-nostdin", "-nd"]
        command += ["-trace_logs", "-log_file", "log", "-trace_err", "-error_file", "errors"]
        self._process = started([*command, *options], cwd=self._path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()

    def wait(self, seconds: float = 120.0) -> bool:
        """Whether every call of the scenario went as it says."""
        try:
            return self._process.wait(seconds) == 0
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            return False

    @property
    def log(self) -> str:
        path = self._path / "log"
        return path.read_text("utf-8", "replace") if path.exists() else ""

    @property
    def errors(self) -> str:
        path = self._path / "errors"
        return path.read_text("utf-8", "replace") if path.exists() else ""


def handset(folder: Path, address: str, *options: str, ring: int = 50) -> Sipp:
    """A phone that rings for `ring` ms and is answered. Ready when this returns."""
    sipp = Sipp(folder, HANDSET.format(ring=ring, noted=NOTED), address, *options)
    until = time.monotonic() + 60
    while not listens(address):
        assert time.monotonic() < until, sipp.errors
        time.sleep(0.01)
    return sipp


def listens(address: str, port: int = 5060) -> bool:
    """Whether a program has a UDP socket at an address of IPv4, in this network namespace."""
    wanted = f"{int.from_bytes(socket.inet_aton(address), sys.byteorder):08X}:{port:04X}"
    return any(line.split()[1] == wanted for line in Path("/proc/net/udp").read_text().splitlines()[1:])


def calls(
    folder: Path,
    house: House,
    callers: Sequence[str | tuple[str, str]],
    *options: str,
    uri: str = "",
    talk: int = 50,
) -> Sipp:
    """A provider that makes one call from each caller: a From without tag, with a further header."""
    rows = [(caller, "X-No: none") if isinstance(caller, str) else caller for caller in callers]
    path = folder / f"callers-{next(_serial)}.csv"
    path.write_text("\n".join(("SEQUENTIAL", *(";".join(row) for row in rows), "")), "utf-8")
    scenario = CALLER.format(uri=uri or f"sip:line@{house.proxy}:5060", caller="[field0]", talk=talk)
    return Sipp(
        folder,
        scenario,
        house.provider,
        "-inf",
        str(path),
        "-m",
        str(len(rows)),
        *options,
        f"{house.proxy}:5060",
    )


def number(digits: str) -> str:
    """The From of a caller."""
    return f"<sip:{digits}@provider.example>"
