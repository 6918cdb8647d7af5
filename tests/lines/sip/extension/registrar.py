"""A registrar at home: Kamailio that asks for a password and rings every phone of the house at once."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from running import free_port
from started import ended, started

PASSWORD = "house-secret"
HOUSE = "home"

_CONFIG = """
debug=0
log_stderror=yes
memdbg=5
memlog=5
children=1
tcp_children=1
auto_aliases=no
{listen}
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "kex.so"
loadmodule "xlog.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "auth.so"
loadmodule "nathelper.so"
{tls}
modparam("usrloc", "timer_interval", 5)
modparam("registrar", "min_expires", {least})
modparam("registrar", "max_expires", {most})
modparam("registrar", "received_avp", "$avp(received)")
modparam("nathelper", "received_avp", "$avp(received)")

request_route {{
    if (is_method("REGISTER")) {{
        {refuse}
        if (!pv_www_authenticate("$td", "{password}", "0")) {{
            xlog("L_ERR", "REGISTER refused\n");
            www_challenge("$td", "0");
            exit;
        }}
        if ($proto != "udp") {{ fix_nated_register(); }}
        save("location");
        exit;
    }}
    if (is_method("CANCEL")) {{
        if (t_check_trans()) {{ t_relay(); }}
        exit;
    }}
    if (has_totag()) {{
        if (loose_route()) {{ t_relay(); exit; }}
        if (is_method("ACK")) {{
            if (t_check_trans()) {{ t_relay(); }}
            exit;
        }}
        sl_send_reply("404", "Not here");
        exit;
    }}
    t_check_trans();
    record_route();
    if (!lookup("location")) {{
        sl_send_reply("480", "Nobody at home");
        exit;
    }}
    t_relay();
}}
"""


class Registrar:
    """Kamailio on `port`, and on `tls_port` where there is a certificate; at loopback, and at `outside`."""

    def __init__(self, folder: Path, *, certificate: Path | None = None, outside: str = "") -> None:
        self.folder = folder
        self._addresses = ["127.0.0.1", outside] if outside else ["127.0.0.1"]
        self.port = free_port()
        self.tls_port = free_port()
        self._certificate = certificate
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *, refuse: str = "", least: int = 10, most: int = 3600) -> None:
        config = self.folder / "kamailio.cfg"
        listen = [f"listen={way}:{at}:{self.port}" for at in self._addresses for way in ("udp", "tcp")]
        tls = ""
        if self._certificate:
            listen += ["enable_tls=yes", f"listen=tls:127.0.0.1:{self.tls_port}"]
            settings = {
                "tls_method": "TLSv1.2+",
                "certificate": self._certificate,
                "private_key": self._certificate,
            }
            tls = 'loadmodule "tls.so"\n'
            tls += "".join(f'modparam("tls", "{name}", "{value}")\n' for name, value in settings.items())
        config.write_text(
            _CONFIG.format(
                listen="\n".join(listen), tls=tls, refuse=refuse, least=least, most=most, password=PASSWORD
            )
        )
        command = ["kamailio", "-DD", "-E", "-f", str(config), "-m", "32", "-M", "8", "-w", str(self.folder)]
        command += ["-P", str(self.folder / "kamailio.pid"), "-Y", str(self.folder)]
        self._process = started(command, self.folder / "kamailio.log")
        until(self.answers, "Kamailio does not answer")

    def stop(self) -> None:
        if self._process:
            ended(self._process)

    def log(self) -> str:
        return (self.folder / "kamailio.log").read_text("utf-8", "replace")

    def answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 0.2):
            return True
        return False


@contextlib.contextmanager
def running(
    folder: Path, *, certificate: Path | None = None, outside: str = "", **options: Any
) -> Iterator[Registrar]:
    registrar = Registrar(folder, certificate=certificate, outside=outside)
    registrar.start(**options)
    try:
        yield registrar
    finally:
        registrar.stop()


def until(condition: Callable[[], object], otherwise: str, seconds: float = 30.0) -> None:
    """Wait for what must come to be."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, otherwise
        time.sleep(0.02)
