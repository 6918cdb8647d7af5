"""TinyDB with a storage that survives the plug being pulled."""

from firmware.store.batches import Damage
from firmware.store.journal import StoreLocked
from firmware.store.retention import stale
from firmware.store.tables import JournalStorage, JournalTable, Store, open_store

__all__ = ["Damage", "JournalStorage", "JournalTable", "Store", "StoreLocked", "open_store", "stale"]
