"""The lists that the owner keeps: fetched, compiled and opened by a thread of their own, and lent to the screening."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from tinydb.table import Document

from firmware.call import Action, Number
from firmware.files import created
from firmware.lists.address import Refused, is_token, target
from firmware.lists.compiled import ListDamaged, NumberList
from firmware.rounds import Rounds
from firmware.screening import Listed
from firmware.store import Changed, Changes, Store

if TYPE_CHECKING:
    from firmware.lists.saving import Texts

log = logging.getLogger(__name__)

FRESH = timedelta(days=1)
AGAIN = timedelta(hours=1)
LOOK_SECONDS = 60.0
LONGEST_NAME = 100
LARGEST_UPLOAD = 32 << 20
PIECE_BYTES = 1 << 18
MOST_LISTS = 32
KEPT_SECONDS = 86400.0

TOKENS = "list_tokens"
"""The table of what the servers of lists are to be told, by the id of the list; it is in no backup."""

Doc = dict[str, Any]


class Open:
    """A compiled list that never disturbs a verdict: where it cannot be read it finds nothing, and says so once."""

    def __init__(self, path: Path, on_damage: Callable[[], None]) -> None:
        self._numbers = NumberList(path)
        self._on_damage = on_damage
        self.place = self._numbers.region, self._numbers.area

    def find(self, number: Number) -> str | None:
        try:
            return self._numbers.find(number)
        except (ListDamaged, OSError):
            self._give_up()
            return None

    def within(self, opening: str, digits: int) -> tuple[int, float]:
        try:
            return self._numbers.within(opening, digits)
        except (ListDamaged, OSError):
            self._give_up()
            return 0, 0.0

    def entries(self) -> Iterator[str]:
        """Every number and segment. Raises ListDamaged, OSError."""
        return self._numbers.entries()

    def verify(self) -> None:
        """Read all of it once, so that no call waits for the card. Raises ListDamaged, OSError."""
        self._numbers.verify()

    def _give_up(self) -> None:
        log.exception("a list is damaged, and finds nothing until it is built again")
        self._numbers.close()
        self._on_damage()


class Shelf:
    """Lists in the table `lists` of `db` and in files in `folder`.

    `place` gives the region and area code of the line; `lend` gets the lists that are open; `on_change` is told the id
    of one that changed; `lan` admits addresses that are not public. What a method returns for is on disk.
    """

    def __init__(
        self,
        db: Store,
        folder: Path,
        *,
        place: Callable[[], tuple[str, str]],
        lend: Callable[[tuple[Listed, ...]], None],
        on_change: Callable[[int], None] = lambda id: None,
        lan: bool = False,
    ) -> None:
        self._db = db
        self._table = db.table("lists")
        self._folder = folder
        self._place = place
        self._lend = lend
        self._on_change = on_change
        self._lan = lan
        self._changing = threading.RLock()
        self._taking_in = threading.Lock()
        self._open: dict[int, Open] = {}
        self._progress: dict[int, tuple[str, int]] = {}
        self._wanted: set[int] = set()
        self._rounds = Rounds("lists", self._renew_due, LOOK_SECONDS, begin=self._verify)
        self.start, self.close = self._rounds.start, self._rounds.close
        folder.mkdir(mode=0o700, exist_ok=True)
        for id in self._ids():
            self._take_up(id)
        self._lend_all()

    # What the owner does.

    def lists(self) -> list[Doc]:
        """Each list; `progress` is the phase it is in ("fetching", "reading", "writing") and how far, or None.

        Of its token no more is told than in `has_token` whether there is one.
        """
        return [
            {
                "id": doc.doc_id,
                **doc,
                "has_token": bool(self._token(doc.doc_id)),
                "progress": self._progress.get(doc.doc_id),
            }
            for doc in self._table.newest(MOST_LISTS)
        ]

    def left_out(self) -> list[str]:
        """The names of uploaded lists whose numbers have no room in a backup."""
        from firmware.lists.saving import too_large  # few ask

        lists = {one["id"]: one for one in self.lists()}
        return [lists[id]["name"] for id in too_large(lists.items())]

    def subscribe(self, name: str, url: str, action: str = "block", token: str = "") -> Doc:
        """Keep a list that is fetched from `url` once a day, with a bearer token where the server wants one.

        Raises ValueError with the code `name`, `action`, `most`, `token` or one of `Refused`, OSError.
        """
        self._check_place(url, token)
        return self._add(name, action, url, None, token)

    def take_in(self, name: str, source: IO[bytes], action: str = "block") -> Doc:
        """Keep a list whose text is read from `source`. Raises ValueError as `subscribe`, or `too_large`; OSError."""
        _check(name, action)
        fresh = self._folder / "upload"
        with self._taking_in:
            try:
                with created(fresh) as file:
                    while piece := source.read(PIECE_BYTES):
                        file.write(piece)
                        if file.tell() > LARGEST_UPLOAD:
                            raise ValueError("too_large")
                    file.flush()
                    os.fsync(file.fileno())
                return self._add(name, action, None, fresh)
            finally:
                fresh.unlink(missing_ok=True)

    def change(self, id: int, changes: Mapping[str, Any]) -> Doc | None:
        """Change the `name`, `action`, `on` or, of a subscription, `token` of a list; None where there is none.

        Raises ValueError as `subscribe`, OSError.
        """
        with self._changing:
            doc = self._doc(id)
            if doc is None:
                return None
            wish = {**doc, **{key: changes[key] for key in ("name", "action", "on") if key in changes}}
            _check(wish["name"], wish["action"])
            if not isinstance(wish["on"], bool):
                raise ValueError("on")
            changed: dict[str, dict[int, Doc | None]] = {"lists": {id: wish}}
            if "token" in changes:
                token = "" if changes["token"] is None else changes["token"]
                self._check_place(wish["url"], token)
                changed[TOKENS] = {id: {"token": token} if token else None}
            self._db.replace(changed)
            self._lend_all()
            if changes.get("token"):
                self.refresh(id)
        self._on_change(id)
        return {"id": id, **wish}

    def refresh(self, id: int | None = None) -> None:
        """Fetch and compile a list, or all of them, as soon as may be."""
        with self._changing:
            self._wanted |= set(self._ids()) if id is None else {id}
        self._rounds.wake()

    def refresh_moved(self) -> None:
        """Compile again, as soon as may be, the lists that were compiled for another place than the line is in."""
        self._rounds.wake()

    def remove(self, id: int) -> bool:
        """Drop a list; False when there is none. Raises OSError."""
        with self._changing:
            if self._doc(id) is None:
                return False
            self._db.replace({"lists": {id: None}, TOKENS: {id: None}})
            self._put_away([id])
        self._on_change(id)
        return True

    def put_back(self, changes: Changes) -> None:
        """Take changes of lists and their tokens back, all or none; one that was removed is fetched or built again.

        Raises Changed where a list has been changed since, or there is no room or no text for it any more; OSError.
        """
        with self._changing:
            lists = changes.get("lists", {})
            lost = [id for id, (before, _) in lists.items() if before and self._doc(id) is None]
            for id in lost:
                if len(self._table) >= MOST_LISTS or not (
                    (lists[id][0] or {})["url"] or self._source(id).exists()
                ):
                    raise Changed
            done = self._db.put_back(changes)
            self._put_away([id for id, (_, after) in done.get("lists", {}).items() if after is None])
            for id in lost:
                self.refresh(id)
        self._on_change(0)

    def restore(self, documents: Mapping[int, Mapping[str, Any]], texts: Texts | None = None) -> int:
        """Keep the lists of a backup in place of all there are, as `restore_lists`."""
        with self._changing:
            gone = self._ids()
            count = restore_lists(self._db, documents, texts)
            self._put_away(gone)
            for id in gone:
                self._source(id).unlink(missing_ok=True)
            self.refresh()
        self._on_change(0)
        return count

    def _put_away(self, ids: Collection[int]) -> None:
        """Search lists that are no longer kept no more, and drop their files: the text of an upload a day later."""
        for id in ids:
            self._open.pop(id, None)
        self._lend_all()
        for id in ids:
            self._compiled(id).unlink(missing_ok=True)
            with suppress(FileNotFoundError):
                os.utime(self._source(id))
        self._sweep()

    def _sweep(self) -> None:
        """Drop the texts that have belonged to no list for as long as a removal can be taken back."""
        kept = {self._source(id) for id in self._ids()}
        for path in self._folder.glob("*.text"):
            with suppress(FileNotFoundError):
                if path not in kept and time.time() - path.stat().st_mtime > KEPT_SECONDS:
                    path.unlink()

    def _add(self, name: str, action: str, url: str | None, source: Path | None, token: str = "") -> Doc:
        _check(name, action)
        doc = _new(name, action, url)
        with self._changing:
            if len(self._table) >= MOST_LISTS:
                raise ValueError("most")
            id = self._table.new_id()
            if source:
                source.replace(self._source(id))
            self._db.replace({"lists": {id: doc}, TOKENS: {id: {"token": token}} if token else {}})
            self.refresh(id)
        self._on_change(id)
        return {"id": id, **doc}

    # What the thread does.

    def _verify(self) -> None:
        for id, numbers in list(self._open.items()):
            try:
                numbers.verify()
            except (ListDamaged, OSError):
                log.exception("list %d is damaged", id)
                self.refresh(id)

    def _renew_due(self) -> None:
        self._sweep()
        for id in self._due():
            if self._rounds.closing.is_set():
                return
            try:
                self._renew(id)
            except Exception:
                log.exception("list %d could not be renewed", id)

    def _due(self) -> list[int]:
        now = datetime.now(UTC)
        with self._changing:
            wanted, self._wanted = self._wanted, set()
            return [id for id in self._ids() if id in wanted or self._is_due(id, now)]

    def _is_due(self, id: int, now: datetime) -> bool:
        doc = self._doc(id) or {}
        if not doc.get("on"):
            return False
        if id in self._open and self._open[id].place != self._place():
            return True
        checked = doc.get("checked")
        if not checked:
            return True
        return bool(doc["url"]) and now - datetime.fromisoformat(checked) > (AGAIN if doc["fault"] else FRESH)

    def _renew(self, id: int) -> None:
        from firmware.lists.building import Cancelled  # like what downloads, not needed by most starts
        from firmware.lists.entries import NotAList

        doc = self._doc(id)
        if doc is None or not (doc["url"] or self._source(id).exists()):
            return
        outcome: Doc = {"checked": _now(), "fault": None}
        try:
            outcome |= self._fetched(id, doc) if doc["url"] else {}
            if self._source(id).exists():
                outcome |= self._built(id)
        except Refused as refused:
            outcome["fault"] = refused.code
        except NotAList as refused:
            outcome |= {"fault": refused.code, "samples": list(refused.samples)}
        except Cancelled:
            return
        except OSError as error:
            log.exception("list %d could not be renewed", id)
            outcome["fault"] = "disk" if error.errno else "error"
        finally:
            self._progress.pop(id, None)
            if doc["url"]:
                self._source(id).unlink(missing_ok=True)
        with self._changing:
            now = self._doc(id)
            if now is not None:
                self._keep(id, {**now, **outcome})

    def _fetched(self, id: int, doc: Doc) -> Doc:
        """Fetch the text, if there is another than the one that was compiled."""
        from firmware.lists.downloading import download

        self._progress[id] = ("fetching", 0)
        kept = id in self._open and self._open[id].place == self._place()
        tags = (doc["etag"] or "", doc["modified"] or "") if kept else ("", "")
        found = download(
            doc["url"],
            self._source(id),
            etag=tags[0],
            modified=tags[1],
            token=self._token(id),
            lan=self._lan,
        )
        if found is None:
            return {}
        return {"etag": found.etag, "modified": found.modified, "sha256": found.sha256}

    def _built(self, id: int) -> Doc:
        def progress(phase: str, count: int) -> None:
            self._progress[id] = (phase, count)
            self._on_change(id)

        from firmware.lists.building import build

        region, area = self._place()
        built = build(
            self._source(id),
            self._compiled(id),
            region,
            area,
            progress=progress,
            cancelled=self._rounds.closing,
        )
        with self._changing:
            self._take_up(id)
            self._lend_all()
        return {
            "built": _now(),
            "count": built.count,
            "refused": built.refused,
            "samples": list(built.samples),
        }

    def _take_up(self, id: int) -> None:
        """Open the compiled file of a list; where it cannot be used it is built again."""
        path = self._compiled(id)
        if not path.exists():
            return
        try:
            self._open[id] = Open(path, lambda: self.refresh(id))
        except (ListDamaged, OSError):
            log.exception("list %d cannot be opened", id)
            self._open.pop(id, None)
            self._wanted.add(id)

    def _lend_all(self) -> None:
        docs = {id: self._doc(id) or {} for id in self._open}
        self._lend(
            tuple(
                Listed(id, doc["name"], Action(doc["action"]), self._open[id])
                for id, doc in sorted(docs.items())
                if doc.get("on")
            )
        )

    def _keep(self, id: int, doc: Doc) -> None:
        self._table.upsert(Document(doc, doc_id=id))
        self._on_change(id)

    def _token(self, id: int) -> str:
        doc = self._db.table(TOKENS).get(doc_id=id)
        return str(doc["token"]) if isinstance(doc, Document) else ""

    def _check_place(self, url: str | None, token: object) -> None:
        """Raises ValueError where this is no address of a list, or no token that may be sent there."""
        try:
            place = None if url is None else target(url, lan=self._lan)
        except Refused as refused:
            raise ValueError(refused.code) from refused
        if token != "" and not (place and is_token(token) and (place.scheme == "https" or self._lan)):
            raise ValueError("token")

    def _doc(self, id: int) -> Doc | None:
        doc = self._table.get(doc_id=id)
        return dict(doc) if isinstance(doc, Document) else None

    def _ids(self) -> list[int]:
        return [doc.doc_id for doc in self._table.newest(MOST_LISTS)]

    def _compiled(self, id: int) -> Path:
        return self._folder / f"{id}.list"

    def _source(self, id: int) -> Path:
        return self._folder / f"{id}.text"


def lists_in(db: Store, folder: Path) -> tuple[Listed, ...]:
    """The lists that are on, as they were compiled last; one that cannot be opened is left out."""
    found = []
    for id, doc in db.table("lists").raw():
        if doc.get("on"):
            with suppress(ListDamaged, OSError):
                numbers = Open(folder / f"{id}.list", lambda: None)
                found.append(Listed(id, doc["name"], Action(doc["action"]), numbers))
    return tuple(sorted(found, key=lambda one: one.id))


def restore_lists(db: Store, documents: Mapping[int, Mapping[str, Any]], texts: Texts | None = None) -> int:
    """Keep the lists of a backup in place of all there are, all or none; gives how many. Raises OSError.

    What makes no sense is left out. An uploaded list has its numbers from `texts`, or the fault `left_out`. The ids are
    new, so that no list is taken for the one that had its id before. Tokens have to be given anew.
    """
    changes: dict[int, Doc | None] = {id: None for id, _ in db.table("lists").raw()}
    first = max((*changes, *documents), default=0) + 1
    added: dict[int, Doc] = {}
    for id, (before, doc) in enumerate(islice(_sensible(documents), MOST_LISTS), first):
        if doc["url"] is None and not (texts and texts.put(before, id)):
            doc |= {"fault": "left_out", "checked": _now()}
        added[id] = doc
    db.replace({"lists": changes | added, TOKENS: None})
    return len(added)


def _sensible(documents: Mapping[int, Mapping[str, Any]]) -> Iterator[tuple[int, Doc]]:
    for id, doc in documents.items():
        name, url, action = doc.get("name"), doc.get("url"), doc.get("action")
        with suppress(ValueError, Refused):
            _check(name, action)
            if isinstance(url, str):
                target(url, lan=True)
            elif url is not None:
                continue
            yield id, {**_new(str(name), str(action), url), "on": doc.get("on") is not False}


def _new(name: str, action: str, url: str | None) -> Doc:
    doc: Doc = {"name": name.strip(), "action": action, "url": url, "on": True, "created": _now()}
    doc |= dict.fromkeys(("etag", "modified", "sha256", "checked", "built", "fault"))
    return {**doc, "count": 0, "refused": 0, "samples": []}


def _check(name: object, action: object) -> None:
    if not (isinstance(name, str) and 0 < len(name.strip()) <= LONGEST_NAME and name.isprintable()):
        raise ValueError("name")
    if not (isinstance(action, str) and action in set(Action)):
        raise ValueError("action")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
