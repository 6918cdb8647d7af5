#!/usr/bin/python3
"""On a booted system with `install.sh --sip`: Kamailio runs by our unit, calls go through it and are refused, whatever
becomes of the appliance; `rebooted` looks again after a reboot, and uninstalls. Run by `prove`.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from checking import (
    CHECKOUT,
    CONFIG,
    PATIENCE,
    active,
    api,
    check,
    failed,
    install,
    main_pid,
    run,
    seconds_until,
    shown,
    well_confined,
)

sys.path.insert(0, str(CHECKOUT / "tests/lines/sip"))

from plain import Peer, request
from sipp import House, calls, handset, number

UNIT = "ringfence-sip"
TOKEN = Path("/var/lib/prove-token")
WANTED, UNWANTED = number("+8613800000001"), number("+8616210000001")
WIRING = """pins = "mock:/run/ringfence/pins"
[proxy]
provider = "{provider}:5060"
handsets = ["{handset}/32"]
handset = "{handset}:5060"
listen = ["udp:{proxy}:5060", "tcp:{proxy}:5060"]
"""


def soon(condition: Callable[[], object]) -> bool:
    """Whether it comes about, however long a machine of this kind takes."""
    return seconds_until(condition, 60 * PATIENCE) < float("inf")


def house() -> House:
    house = House()
    house.proxy, house.provider, house.handset = "127.60.0.1", "127.60.0.2", "127.60.0.3"
    return house


def answers() -> bool:
    """Whether the proxy answers the provider."""
    home = house()
    with Peer(home.provider, 5070) as peer:
        try:
            asked = peer.send(request("OPTIONS", f"sip:{home.proxy}", peer.at), home.proxy)
            return peer.final(asked, 0.5).startswith("SIP/2.0 200")
        except OSError:
            return False


def guarding() -> bool:
    try:
        status = api(TOKEN.read_text(), "status")
    except OSError:
        return False
    return any(line["name"] == "proxy" and line["state"] == "guarding" for line in status["lines"])


def outcome(caller: str) -> tuple[bool, bool, bool]:
    """Whether a call went as the scenario says, whether it was refused, and whether the phone rang."""
    home = house()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with handset(folder, home.handset) as phone, calls(folder, home, [caller]) as made:
            went = made.wait(30 * PATIENCE)
            return went, "SIP/2.0 603" in made.log, "rang" in phone.log


def passes_and_refuses() -> None:
    check("the proxy answers", soon(answers))
    check("the appliance answers the proxy", soon(guarding))
    check("a call passes", outcome(WANTED) == (True, False, True))
    check("a blocked call is refused, and the phone does not ring", outcome(UNWANTED) == (True, True, False))


def first() -> None:
    run("apt-get", "-qq", "install", "--no-install-recommends", "sip-tester")
    check("without a provider it does not run, and is not started again and again", not active(UNIT))
    own = subprocess.run(["systemctl", "is-enabled", "kamailio"], capture_output=True, text=True).stdout
    check("the package's own service is off", own.strip() == "disabled" and not active("kamailio"))
    home = house()
    CONFIG.write_text(WIRING.format(provider=home.provider, handset=home.handset, proxy=home.proxy))
    run("systemctl", "restart", UNIT, "ringfence")
    TOKEN.write_text(run("ringfence", "token", "prove", "--scope=read", "--scope=write").split()[-1])
    check("the appliance starts", soon(lambda: active() and guarding()))
    api(TOKEN.read_text(), "rules", {"match": "162*", "action": "block"})
    passes_and_refuses()
    check("Kamailio is run as the appliance's user", any("kamailio" in program(pid) for pid in processes()))
    well_confined(UNIT)
    check("memory is limited", shown("MemoryMax", UNIT) == str(160 << 20))
    check(f"it takes {memory()} MiB", memory() < 100)

    before = main_pid(UNIT)
    run("systemctl", "stop", "ringfence")
    check("without the appliance every call passes", outcome(UNWANTED) == (True, False, True))
    check("it outlives the appliance", main_pid(UNIT) == before)
    run("systemctl", "start", "ringfence")
    passes_and_refuses()

    os.kill(main_pid(UNIT), signal.SIGKILL)
    check("killed, it starts again", soon(lambda: main_pid(UNIT) not in (0, before)))
    passes_and_refuses()
    before = main_pid(UNIT)
    install()
    check("installing again leaves it alone", main_pid(UNIT) == before and active(UNIT))


def rebooted() -> None:
    check("it runs after a reboot", soon(lambda: active(UNIT)))
    passes_and_refuses()
    install("--uninstall")
    check("nothing of the service is left", shown("LoadState", UNIT) == "not-found")
    check("no Kamailio is left", not any(map(is_kamailio, Path("/proc").iterdir())))
    run("journalctl", "--no-pager", "--boot=all", "--unit", UNIT, "--lines", "60")


def program(pid: int) -> str:
    """The program that a process of the user runs."""
    owned = run("stat", "--format", "%U", f"/proc/{pid}")
    return Path(f"/proc/{pid}/comm").read_text() if owned == "ringfence" else owned


def processes() -> list[int]:
    """Those of the service."""
    return [
        int(pid)
        for pid in Path(f"/sys/fs/cgroup/system.slice/{UNIT}.service/cgroup.procs").read_text().split()
    ]


def memory() -> int:
    """MiB of the service's processes, what they share counted once."""
    rollups = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in processes()]
    return sum(int(text.partition("Pss:")[2].split()[0]) for text in rollups) >> 10


def is_kamailio(process: Path) -> bool:
    try:
        return (process / "comm").read_text().startswith("kamailio")
    except OSError:
        return False


rebooted() if sys.argv[1:] == ["rebooted"] else first()
sys.exit(failed())
