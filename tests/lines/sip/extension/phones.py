"""Who else is on the wire: sipp as a caller, baresip as another phone of the house."""

from __future__ import annotations

import json
import socket
import threading
import time
from pathlib import Path
from typing import Any, Self

from registrar import HOUSE, PASSWORD, until
from running import free_port
from sipp import CONFIRMED, HUNG_UP, REFUSED, TAKEN, Sipp
from started import ended, started

CALLER = f"""<?xml version="1.0" encoding="UTF-8"?>
<scenario name="caller">
<send retrans="500"><![CDATA[
INVITE {{uri}} SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=z9hG4bK-[pid]-[call_number]-i
From: {{caller}};tag=[pid]-[call_number]
To: <{{uri}}>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:caller@[local_ip]:[local_port];transport=[transport]>
Max-Forwards: 70
{{headers}}Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio 6000 RTP/AVP 8 0
a=rtpmap:8 PCMA/8000
]]></send>
{{waiting}}{TAKEN}<recv request="BYE" timeout="{{talk}}" ontimeout="hangup"/>
{CONFIRMED}<nop next="done"><action><log message="outcome taken"/></action></nop>
<label id="hangup"/>
{HUNG_UP}<nop next="done"><action><log message="outcome talked"/></action></nop>
<label id="cancel"/>
<send retrans="500"><![CDATA[
CANCEL {{uri}} SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=z9hG4bK-[pid]-[call_number]-i
From: {{caller}};tag=[pid]-[call_number]
To: <{{uri}}>
Call-ID: [call_id]
CSeq: 1 CANCEL
Max-Forwards: 70
Content-Length: 0

]]></send>
<recv response="200"/>
<recv response="487"><action><log message="outcome 487"/></action></recv>
<label id="refused"/>
{REFUSED}<label id="done"/>
</scenario>
"""

URI = f"sip:{HOUSE}@[remote_ip]:[remote_port]"

WAITING = """<recv response="100" optional="true"/>
<recv response="180" optional="true"/>
<recv response="183" optional="true"/>
{refused}<recv response="200" rrs="true"/>
"""
REFUSALS = (477, 480, 486, 487, 603, 607)
"""477 comes from Kamailio, as long as the account behind a NAT has told it no other address than that inside."""

REFUSING = """<recv response="{code}" optional="true" next="refused">
<action><log message="outcome {code}"/></action></recv>
"""
GIVING_UP = """<recv response="100" optional="true"/>
<recv response="180"/>
<recv response="180" optional="true" timeout="{patience}" ontimeout="cancel"/>
<recv response="200" timeout="{patience}" ontimeout="cancel"/>
"""


class Caller:
    """One call to the house from `From: caller`, who talks for `talk` ms, or rings for `patience` ms and gives up."""

    def __init__(
        self,
        folder: Path,
        port: int,
        caller: str,
        *headers: str,
        patience: int | None = None,
        talk: int = 5000,
    ) -> None:
        told = "".join(f"{header}\n" for header in headers)
        refused = "".join(REFUSING.format(code=code) for code in REFUSALS)
        waiting = WAITING.format(refused=refused) if patience is None else GIVING_UP.format(patience=patience)
        text = CALLER.format(uri=URI, caller=caller, headers=told, waiting=waiting, talk=talk)
        at = ("-m", "1", f"127.0.0.1:{port}")
        self._sipp = Sipp(folder, text.replace("&", "&amp;"), "127.0.0.1", *at, port=free_port())

    def outcome(self) -> str:
        """What became of the call: `taken` and ended by who took it, `talked`, or the status that ended it."""
        self._sipp.wait(40)
        lines = self._sipp.log.splitlines()
        assert lines, self._sipp.errors or "sipp says nothing"
        return lines[-1].removeprefix("outcome ").strip()


def number(digits: str, host: str = "127.0.0.1") -> str:
    return f"<sip:{digits}@{host}>"


_BARESIP = """
sip_listen 127.0.0.1:{port}
ctrl_tcp_listen 127.0.0.1:{control}
module_path /usr/lib/baresip/modules
module g711.so
module stdio.so
module ctrl_tcp.so
module_app account.so
module_app menu.so
module_tmp uuid.so
audio_player aubridge,nil
audio_source aubridge,nil
audio_alert aubridge,nil
module aubridge.so
"""


class Phone:
    """baresip, registered as the house; `events` with the monotonic second of each."""

    def __init__(self, folder: Path, registrar: int) -> None:
        self.port, self._control = free_port(), free_port()
        self.events: list[tuple[str, float]] = []
        self._folder = folder / f"phone-{self.port}"
        self._folder.mkdir()
        (self._folder / "config").write_text(_BARESIP.format(port=self.port, control=self._control))
        account = f"<sip:{HOUSE}@127.0.0.1:{registrar}>;auth_user={HOUSE};auth_pass={PASSWORD};regint=60"
        (self._folder / "accounts").write_text(f"{account};answermode=manual\n")
        (self._folder / "contacts").write_text("")

    def __enter__(self) -> Self:
        self._process = started(["baresip", "-f", self._folder], self._folder / "log")
        until(self._connected, "baresip does not listen")
        threading.Thread(target=self._read, daemon=True).start()
        until(lambda: self.saw("REGISTER_OK") or self._registered(), "baresip is not registered")
        return self

    def __exit__(self, *_: object) -> None:
        ended(self._process)

    def answer(self) -> None:
        """Answer the call that rings, or is about to."""
        until(self._answers, "nothing rings")

    def saw(self, event: str) -> float | None:
        """When the event was seen last."""
        return next((at for name, at in reversed(self.events) if name == event), None)

    def _answers(self) -> bool:
        self._say({"command": "accept"})
        time.sleep(0.2)
        return self.saw("CALL_ESTABLISHED") is not None

    def _registered(self) -> bool:
        return b"200 OK" in (self._folder / "log").read_bytes()

    def _connected(self) -> bool:
        try:
            self._socket = socket.create_connection(("127.0.0.1", self._control), 1)
            self._socket.settimeout(None)
        except OSError:
            return False
        return True

    def _say(self, doc: dict[str, Any]) -> None:
        text = json.dumps(doc).encode()
        self._socket.sendall(b"%d:%s," % (len(text), text))

    def _read(self) -> None:
        kept = b""
        while data := self._socket.recv(4096):
            kept += data
            while b":" in kept:
                size, _, rest = kept.partition(b":")
                if len(rest) <= int(size):
                    break
                event = json.loads(rest[: int(size)])
                kept = rest[int(size) + 1 :]
                if event.get("event"):
                    self.events.append((event["type"], time.monotonic()))
