from collections.abc import Callable
from pathlib import Path

import pytest

from firmware import upkeep as keeping
from firmware.backups.folder import OWN, BackupFault, Backups
from firmware.settings import owner_from
from firmware.store import open_store
from firmware.upkeep import Upkeep

Wait = Callable[..., None]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for name in ("store", "calls"):
        open_store(tmp_path / f"{name}.journal").close()
    return tmp_path


def upkeep(data: Path, retain: Callable[[], None] = lambda: None, **settings: object) -> Upkeep:
    owner = owner_from(settings)
    return Upkeep(Backups(data, []), data, settings=lambda: owner, retain=retain)


def test_a_backup_is_made_when_it_is_due_and_only_then(data: Path, wait_until: Wait) -> None:
    kept = upkeep(data, backup_every="daily")
    kept.start()
    wait_until(lambda: list(data.glob(f"{OWN}/*.jsonl")))
    kept.look()
    kept.close()
    assert len(list(data.glob(f"{OWN}/*.jsonl"))) == 1
    assert kept.faults() == set()


def test_none_is_made_that_nobody_wants_and_calls_are_dropped_in_time(data: Path, wait_until: Wait) -> None:
    retained: list[int] = []
    kept = upkeep(data, lambda: retained.append(1))
    kept.start()
    wait_until(lambda: retained)
    kept.close()
    assert not (data / OWN).exists()


def test_a_failure_is_a_fault_until_one_is_made(data: Path, wait_until: Wait) -> None:
    owner = owner_from({"backup_every": "daily", "backup_folder": "/nowhere"})
    kept = Upkeep(Backups(data, []), data, settings=lambda: owner, retain=lambda: None)
    kept.start()
    wait_until(lambda: kept.faults() == {"backup"})
    assert kept.backup_fault == "folder"
    with pytest.raises(BackupFault, match="folder"):
        kept.back_up()
    owner["backup_folder"] = ""
    kept.look()
    wait_until(lambda: kept.faults() == set())
    kept.close()


def test_a_card_that_is_nearly_full_is_a_fault(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "LEAST_FREE", 1 << 60)
    assert upkeep(data).faults() == {"disk"}
