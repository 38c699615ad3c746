"""Which request of the framework runs which of Airflow's task instances."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from airflow.models.taskinstancekey import TaskInstanceKey


@dataclass
class Entry:
    """One request of this scheduler's. `begun`: its process is known to have started."""

    id: str
    key: TaskInstanceKey
    noted: float
    begun: bool = False


class Ledger:
    """
    The requests that this scheduler waits for, one for each task instance.

    A key can come back with another id while the first still ends (a deferred task that goes on, a revoked one): the
    newer takes its place, and what is then told of the older finds nothing here and means nothing.
    The scheduler's thread writes; the thread that follows events reads `ids`.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_id: dict[str, Entry] = {}
        self._by_key: dict[TaskInstanceKey, Entry] = {}

    def note(self, id_: str, key: TaskInstanceKey, now: float) -> Entry:
        """Enter a request, in place of an older one for the same key."""
        with self._lock:
            known = self._by_key.get(key)
            if known and known.id == id_:
                return known
            if known:
                del self._by_id[known.id]
            entry = Entry(id_, key, now)
            self._by_id[id_] = self._by_key[key] = entry
            return entry

    def find(self, id_: str) -> Entry | None:
        """Give the entry of an id, if it is still the one that counts for its key."""
        return self._by_id.get(id_)

    def id_of(self, key: TaskInstanceKey) -> str | None:
        """Give the id that counts for a key."""
        entry = self._by_key.get(key)
        return entry.id if entry else None

    def drop(self, id_: str) -> None:
        """Wait for this one no longer."""
        with self._lock:
            if entry := self._by_id.pop(id_, None):
                del self._by_key[entry.key]

    def ids(self) -> list[str]:
        """Give every id in it, from any thread."""
        with self._lock:
            return list(self._by_id)

    def entries(self) -> list[Entry]:
        """Give every entry."""
        return list(self._by_id.values())

    def __len__(self) -> int:
        """Count the requests waited for."""
        return len(self._by_id)
