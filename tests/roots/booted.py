#!/usr/bin/python3
"""On a booted system: the service starts, says so, and whatever happens to it, handset and line are connected.

A simulated modem rings with a blocked number all the while. The pins are simulated too, and like a Pi's stay as
they were when the process that drove them died. Run by `prove`.
"""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from checking import (
    CHECKOUT,
    CONFIG,
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

sys.path.insert(0, str(CHECKOUT))

from firmware.lines.simulator import Cadence, SimulatedModem

PORT = Path("/run/modem")
PINS = Path("/run/ringfence/pins")
NUMBER = "16210123456"


def cut() -> bool:
    """Whether the pin's last edge cut the line."""
    edges = [line.split() for line in PINS.read_text().splitlines()] if PINS.exists() else []
    return [level for _, pin, level in edges if pin == "relay"][-1:] == ["1"]


def keeper_pid() -> int:
    pids = map(int, Path("/sys/fs/cgroup/system.slice/ringfence.service/cgroup.procs").read_text().split())
    return next(pid for pid in pids if b"firmware.board.keeper" in Path(f"/proc/{pid}/cmdline").read_bytes())


def ring_for_ever(modem: SimulatedModem) -> None:
    while True:
        modem.call(NUMBER, rings=1_000_000, cadence=Cadence(0.5, 1.0), caller_id="none")


def present_for_ever(modem: SimulatedModem) -> None:
    """Present the caller every other second, so that an appliance that was just started knows it too."""
    while True:
        modem.caller(NUMBER)
        time.sleep(2)


def lgpio_imports_confined() -> bool:
    """Whether lgpio, which makes a pipe and a thread when it is imported, can do so in the unit's sandbox."""
    venv = "/srv/probe"
    if sys.version_info >= (3, 12):
        run("apt-get", "-qq", "install", "--no-install-recommends", "gcc", "libc6-dev", "python3-dev", "swig")
    run("/usr/bin/python3", "-m", "venv", venv)
    run(f"{venv}/bin/pip", "--quiet", "install", "setuptools", "gpiozero")
    os.environ["PYPI"] = "1"
    run(f"{venv}/bin/pip", "--quiet", "install", "--no-build-isolation", "--use-pep517", "lgpio==0.2.2.0")
    unit = (CHECKOUT / "hw/ringfence.service").read_text()
    unit = re.sub(
        r"(?m)^(Exec\w+|Type|Restart|RestartSec|WatchdogSec|RuntimeDirectoryPreserve)=.*\n", "", unit
    )
    start = f"[Service]\nType=oneshot\nExecStart={venv}/bin/python -c 'import lgpio, gpiozero.pins.lgpio'\n"
    unit = unit.replace("[Service]\n", start).replace("RuntimeDirectory=ringfence", "RuntimeDirectory=probe")
    unit = unit.replace("%t/ringfence", "%t/probe")
    Path("/run/systemd/system/probe.service").write_text(unit)
    run("systemctl", "daemon-reload")
    started = subprocess.run(["systemctl", "start", "probe"]).returncode == 0
    run("journalctl", "--no-pager", "--unit", "probe", "--lines", "5")
    return started


def main() -> None:
    check("without pins it says what to do", "Run on a Raspberry Pi" in install())
    CONFIG.write_text(f'pins = "mock:{PINS}"\n[modem]\nport = "{PORT}"\nprobe = []\n')
    run("systemctl", "restart", "ringfence")
    check("it is active once it has said that it is ready", active() and shown("Type") == "notify")

    modem = SimulatedModem(link=PORT)
    os.chown(modem.path, int(run("id", "--user", "ringfence")), -1)
    token = run("ringfence", "token", "prove").split()[-1]
    check("it finds the modem within 5 s", seconds_until(lambda: modem.caller_id == "1", 5) < 5)
    check("its state is shown", "guarding" in shown("StatusText"))
    check("the page's address is printed", "http://" in install())

    before = main_pid()
    install()
    check("installing again does not restart it", main_pid() == before)
    well_confined()
    check("memory is limited", shown("MemoryMax") == str(256 << 20))

    api(token, "rules", {"match": NUMBER, "action": "block"})
    for ringing in (ring_for_ever, present_for_ever):
        threading.Thread(target=ringing, args=(modem,), daemon=True).start()
    check("a blocked call is cut", seconds_until(cut, 10) < 10)

    os.kill(main_pid(), signal.SIGKILL)
    took = seconds_until(lambda: not cut(), 5)
    check(f"killed: connected after {took:.2f} s", took < 1)
    check("it starts again", seconds_until(lambda: active() and main_pid(), 30) < 30)
    check("it cuts again", seconds_until(cut, 15) < 15)

    os.kill(keeper_pid(), signal.SIGKILL)
    os.kill(main_pid(), signal.SIGKILL)
    took = seconds_until(lambda: not cut(), 20)
    check(f"killed with its keeper: connected after {took:.2f} s", took < 5)
    check("it starts again", seconds_until(lambda: active() and main_pid(), 30) < 30)
    check("it cuts again", seconds_until(cut, 15) < 15)

    hung = main_pid()
    os.kill(hung, signal.SIGSTOP)
    took = seconds_until(lambda: not cut(), 20)
    check(f"it hangs: connected after {took:.2f} s", took < 10)
    took = seconds_until(lambda: main_pid() not in (0, hung), 60)
    check(f"the watchdog starts it again after {took:.0f} s", took < 60)
    check("it cuts again", seconds_until(cut, 15) < 15)

    before = main_pid()
    with (CHECKOUT / "firmware/call.py").open("a") as source:
        source.write("\n")
    install()
    check("an upgrade restarts it", active() and main_pid() != before)
    check("it cuts again", seconds_until(cut, 15) < 15)
    run("systemctl", "stop", "ringfence")
    check("stopped: connected", not cut())
    check("it stops without an error", shown("Result") == "success")
    check("the data is for its user alone", run("find", "/var/lib/ringfence", "-perm", "/077") == "")

    check("lgpio imports under the unit's confinement", lgpio_imports_confined())
    install("--uninstall")
    check("nothing of the service is left", shown("LoadState") == "not-found")
    run("journalctl", "--no-pager", "--unit", "ringfence")


main()
sys.exit(failed())
