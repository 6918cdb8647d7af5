"""Regular backups: on the box's own card, and on another disk (/dev/shm, which is memory and not the data's disk)."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from firmware.backups import backup
from firmware.backups.folder import OWN, BackupFault, Backups
from firmware.household import Household
from firmware.store import open_store

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Data with a rule and a call in it."""
    data = tmp_path / "data"
    data.mkdir()
    with open_store(data / "store.journal") as db:
        Household(db).add_rule({"match": "162*", "action": "block"})
        db.table("notice_addresses").insert({"name": "A", "service": "ntfy", "url": "ntfy://s3cret"})
    with open_store(data / "calls.journal") as db:
        db.table("calls").insert({"number": "+8616210123456"})
    return data


@pytest.fixture
def stick(data: Path) -> Iterator[Path]:
    root = Path(tempfile.mkdtemp(dir="/dev/shm"))
    assert root.stat().st_dev != data.stat().st_dev
    (root / "stick").mkdir()
    yield root / "stick"
    shutil.rmtree(root)


@pytest.fixture
def backups(data: Path, stick: Path) -> Backups:
    return Backups(data, [str(stick.parent)])


def fault(backups: Backups, folder: str) -> str:
    with pytest.raises(BackupFault) as found:
        backups.make(folder, 7, NOW)
    return found.value.code


def test_a_backup_has_wishes_and_calls_and_no_secret(backups: Backups, data: Path) -> None:
    name = backups.make("", 7, NOW)
    assert name == "ringfence-20260301T120000Z.jsonl"
    path = data / OWN / name
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    with backups.open("", name) as file:
        tables, skipped = backup.read(backup.lines_of(file))
    assert (set(tables), skipped) == ({"rules", "calls"}, 0)
    assert "s3cret" not in path.read_text()
    assert [(one.name, one.made) for one in backups.found("")] == [(name, NOW)]


def test_a_stick_is_offered_and_used(backups: Backups, stick: Path) -> None:
    assert str(stick) in backups.folders()
    name = backups.make(str(stick), 7, NOW)
    assert [path.name for path in stick.iterdir()] == [name]


def test_the_newest_are_kept(backups: Backups) -> None:
    for day in range(4):
        backups.make("", 2, NOW + day * DAY)
    assert [one.made for one in backups.found("")] == [NOW + 3 * DAY, NOW + 2 * DAY]


def test_a_folder_from_which_the_stick_is_pulled_is_not_written(backups: Backups, data: Path) -> None:
    pulled = Backups(data, [str(data.parent / "media")])
    (data.parent / "media" / "stick").mkdir(parents=True)
    assert fault(pulled, str(data.parent / "media" / "stick")) == "unmounted"
    assert fault(pulled, str(data.parent / "media" / "none")) == "folder"
    assert pulled.folders() == []


@pytest.mark.parametrize(
    "folder", ["/etc", "/dev/shm", "/", "{stick}/../..", "{stick}/link", "\0", "relative"]
)
def test_no_folder_elsewhere_is_written(backups: Backups, stick: Path, folder: str) -> None:
    (stick / "link").symlink_to("/etc")
    assert fault(backups, folder.format(stick=stick)) == "folder"


def test_a_link_on_a_stick_leads_nowhere(backups: Backups, stick: Path, data: Path) -> None:
    before = (data / "store.journal").read_bytes()
    name = f"ringfence-{NOW:%Y%m%dT%H%M%S}Z.jsonl"
    (stick / f".{name}.part").symlink_to(data / "store.journal")
    (stick / name).symlink_to(data / "secret")
    (data / "secret").write_text("s3cret")
    with pytest.raises(BackupFault, match="disk"):
        backups.open(str(stick), name)
    backups.make(str(stick), 7, NOW)
    assert (data / "store.journal").read_bytes() == before
    assert (data / "secret").read_text() == "s3cret"
    os.mkfifo(stick / "ringfence-20260101T000000Z.jsonl")
    with pytest.raises(FileNotFoundError):
        backups.open(str(stick), "ringfence-20260101T000000Z.jsonl")


@pytest.mark.parametrize(
    "name", ["", "../store.journal", "ringfence-1.jsonl", "a/ringfence-20260301T120000Z.jsonl"]
)
def test_only_backups_are_opened(backups: Backups, data: Path, name: str) -> None:
    (data / OWN / "a").mkdir(parents=True)
    for other in (name, "../store.journal"):
        (data / OWN / (other or "x")).touch()
    with pytest.raises(FileNotFoundError):
        backups.open("", name)


def test_a_disk_that_gives_back_something_else_is_found_out(
    backups: Backups, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backups.make("", 1, NOW)

    def spoil(fd: int, *_: object) -> None:
        with Path(f"/proc/self/fd/{fd}").resolve().open("r+b") as file:
            file.seek(-5, os.SEEK_END)
            file.write(b"\0")

    monkeypatch.setattr(os, "posix_fadvise", spoil)
    with pytest.raises(BackupFault, match="spoiled"):
        backups.make("", 1, NOW + DAY)
    assert [one.made for one in backups.found("")] == [NOW]
    assert len(list((data / OWN).iterdir())) == 1


def test_a_full_disk_leaves_the_older_ones(
    backups: Backups, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backups.make("", 1, NOW)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(BackupFault, match="disk"):
            backups.make("", 1, NOW + DAY)
    assert [path.name for path in (data / OWN).iterdir()] == ["ringfence-20260301T120000Z.jsonl"]


def test_a_backup_is_synced_under_its_final_name(
    backups: Backups, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FAT says of a file that was renamed that it is empty, until the file itself is synced again."""
    synced: list[str] = []
    sync = os.fsync

    def noted(fd: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{fd}").readlink()))
        sync(fd)

    monkeypatch.setattr(os, "fsync", noted)
    name = backups.make("", 1, NOW)
    assert synced[-2:] == [str(data / OWN / name), str(data / OWN)]


def test_a_backup_is_due_by_its_age(backups: Backups) -> None:
    assert not backups.due("", "off", NOW)
    assert backups.due("", "daily", NOW)
    backups.make("", 7, NOW)
    assert not backups.due("", "daily", NOW + DAY - timedelta(seconds=1))
    assert backups.due("", "daily", NOW + DAY)
    assert not backups.due("", "weekly", NOW + DAY)
    assert backups.due("", "daily", NOW - 30 * DAY)


def test_all_are_dropped(backups: Backups, data: Path) -> None:
    backups.make("", 7, NOW)
    (data / OWN / "mine.txt").write_text("")
    assert backups.drop("") == 1
    assert [path.name for path in (data / OWN).iterdir()] == ["mine.txt"]
