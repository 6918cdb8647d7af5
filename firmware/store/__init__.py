"""TinyDB with a storage that survives the plug being pulled."""

from firmware.store.batches import Damage
from firmware.store.changes import Change, Changed, Changes, back, brief
from firmware.store.journal import StoreLocked
from firmware.store.retention import stale
from firmware.store.tables import JournalStorage, JournalTable, Store, open_store

__all__ = [
    "Change",
    "Changed",
    "Changes",
    "Damage",
    "JournalStorage",
    "JournalTable",
    "Store",
    "StoreLocked",
    "back",
    "brief",
    "open_store",
    "stale",
]
