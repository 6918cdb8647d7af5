"""What install.sh installs agrees with the code, and its scripts are clean. `roots/prove` runs it for real."""

import re
import shutil
import subprocess
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from firmware.wiring import Wiring, load_wiring

ROOT = Path(__file__).parents[1]
LOCKS = (ROOT / "requirements.lock", ROOT / "tests" / "requirements.lock")


def locked(lock: Path) -> dict[str, str]:
    """Each package's version."""
    return dict(re.findall(r"(?m)^([a-z0-9-]+)==(\S+)", lock.read_text()))


def name(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9.-]", requirement)[0].lower().replace(".", "-")


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    runtime, testing = map(locked, LOCKS)
    assert {name(requirement) for requirement in project["dependencies"]} <= runtime.keys()
    assert {name(requirement) for requirement in project["optional-dependencies"]["test"]} <= testing.keys()


def test_the_tests_run_with_the_versions_that_are_installed() -> None:
    runtime, testing = map(locked, LOCKS)
    assert runtime.items() <= testing.items()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: str(lock.relative_to(ROOT)))
def test_every_locked_package_has_a_hash_and_none_an_address(lock: Path) -> None:
    text = lock.read_text()
    assert re.findall(r"(?m)^[a-z0-9-]+==.*(?<!\\)$", text) == []
    assert "://" not in text


def test_the_settings_file_shows_every_setting_with_its_default(tmp_path: Path) -> None:
    shipped = (ROOT / "hw" / "ringfence.toml").read_text()
    assert load_wiring(ROOT / "hw" / "ringfence.toml") == Wiring()
    everything = tmp_path / "everything.toml"
    everything.write_text(re.sub(r"(?m)^#(?=\w+ = )", "", shipped))
    assert load_wiring(everything) == Wiring()
    shown = {
        f"{name}_{key}" if isinstance(value, dict) else name
        for name, value in tomllib.loads(everything.read_text()).items()
        for key in (value if isinstance(value, dict) else (name,))
    }
    assert shown == {field.name for field in fields(Wiring)}


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="shellcheck is not installed")
@pytest.mark.parametrize(
    "script",
    [
        "install.sh",
        ".ci/run",
        "hw/ringfence.sh",
        "tests/roots/prove",
        "tests/roots/installed",
        "tests/roots/tried",
    ],
)
def test_the_shell_scripts_are_clean(script: str) -> None:
    checked = subprocess.run(
        ["shellcheck", "--external-sources", ROOT / script], capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("release", ["debian:11", "ubuntu:24.04", "fedora:43"])
def test_another_system_is_refused_in_plain_words(release: str, tmp_path: Path) -> None:
    system, _, version = release.partition(":")
    os_release = tmp_path / "os-release"
    os_release.write_text(f'ID={system}\nVERSION_ID="{version}"\nPRETTY_NAME="{system.title()} {version}"\n')
    script = (ROOT / "install.sh").read_text().replace("/etc/os-release", str(os_release))
    (tmp_path / "install.sh").write_text(script)
    tried = subprocess.run(["bash", tmp_path / "install.sh", "--demo"], capture_output=True, text=True)
    assert tried.returncode == 1
    assert f"release 12 or 13; this is {system.title()} {version}." in tried.stderr


@pytest.mark.parametrize(
    ("model", "device", "set_up"),
    [
        ("Raspberry Pi Zero 2 W Rev 1.0", "/dev/null", True),
        ("Raspberry Pi Zero 2 W Rev 1.0", "/dev/none", False),
        ("Another board", "/dev/null", False),
    ],
)
def test_the_hardware_watchdog_of_a_pi_is_set_and_uninstalled(
    model: str, device: str, set_up: bool, tmp_path: Path
) -> None:
    (tmp_path / "model").write_text(model + "\0")
    placed = tmp_path / "system.conf.d" / "60-ringfence.conf"
    functions = (ROOT / "install.sh").read_text().partition("\ncase ")[0]
    for there, here in (
        ("/dev/watchdog0", device),
        ("/proc/device-tree/model", str(tmp_path / "model")),
        ("/etc/systemd/system.conf.d/60-ringfence.conf", str(placed)),
    ):
        assert there in functions
        functions = functions.replace(there, here)
    (tmp_path / "install.sh").write_text(functions)
    (tmp_path / "hw").symlink_to(ROOT / "hw")

    def run(step: str) -> None:
        script = f"source {tmp_path}/install.sh; booted() {{ false; }}; {step}; {step}"
        subprocess.run(["bash", "-c", script, tmp_path / "install.sh"], check=True)

    run("install_watchdog")
    assert placed.exists() == set_up
    if set_up:
        assert re.search(r"(?m)^\[Manager\]\nRuntimeWatchdogSec=(\d+)$", placed.read_text())
    run("remove_watchdog")
    assert not placed.parent.exists()


def test_the_stick_for_backups_is_mounted_by_its_name_and_runs_nothing() -> None:
    mount = ROOT / "hw" / "media-ringfence.mount"
    (wanted,) = re.findall(
        r'ENV\{SYSTEMD_WANTS\}\+="([^"]+)"', (ROOT / "hw" / "60-ringfence.rules").read_text()
    )
    assert wanted == mount.name
    (where,) = re.findall(r"(?m)^Where=(.+)$", mount.read_text())
    assert Path(where).parent in map(Path, Wiring().backup_roots)
    (options,) = re.findall(r"(?m)^Options=(.+)$", mount.read_text())
    assert {"noexec", "nosuid", "nodev", "umask=077", "uid=ringfence"} <= set(options.split(","))
    assert mount.name in (ROOT / "install.sh").read_text()


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd")
def test_systemd_understands_the_stick_for_backups() -> None:
    mount = ROOT / "hw" / "media-ringfence.mount"
    checked = subprocess.run(["systemd-analyze", "verify", "--man=no", mount], capture_output=True, text=True)
    assert not [line for line in checked.stderr.splitlines() if mount.name in line], checked.stderr


def test_every_command_line_in_the_readme_is_understood() -> None:
    readme = (ROOT / "README.md").read_text()
    usage = subprocess.run(["bash", ROOT / "install.sh", "--help"], capture_output=True, text=True).stdout
    options = set(re.findall(r"install\.sh (--[a-z]+)", readme))
    assert {"--demo", "--test"} <= options <= set(re.findall(r"--[a-z]+", usage))
