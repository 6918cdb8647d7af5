"""A household that has had the box for a month: rules, contacts, and the calls that its own rules have judged."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tinydb.table import Document

from firmware.appliance import Appliance
from firmware.call import Action, Call, CallerId, Reason, Verdict
from firmware.calls.log import as_document
from firmware.household import Household
from firmware.lists.shelf import Shelf
from firmware.numbers import understand
from firmware.screening import Caller
from firmware.store import open_store

BEIJING = ZoneInfo("Asia/Shanghai")
FAMILY = [
    ("01065551234", "社区医院"),
    ("13910020030", "妈妈"),
    ("13701020304", "小林"),
    ("01082345678", "幼儿园"),
]
COURIERS = ["17021550198", "13900010086", "17318880012"]
STRANGERS = ["02164550011", "075588332211", "18612340099", "95588", "4008123456", "+12025550123"]
PLATFORM = "+861621012"
SAID = "您好，这里是某某金融，请问最近需要资金周转吗？"
OFFICE = {"name": "店里", "server": "pbx.example", "user": "620", "password": "secret", "on": False}
SEGMENTS = ["1621012", "1653321", "1712998", "1700555", "9508866"]


def furnish(data: Path, *, days: int = 30, seed: int = 7) -> None:
    """Fill the data folder of an appliance that does not run."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open_store(data / "store.journal") as db:
        household = Household(db)
        household.change_settings({"zone": "Asia/Shanghai", "area": "010"})
        for name in ("mvno", "call-centres", "ring-once"):
            household.turn_set(name, on=True)
        household.add_rule({"match": "0755*", "action": "block", "note": "推销", "when": "12:30-14:30"})
        household.add_rule({"match": "17021550198", "action": "allow", "note": "快递小哥"})
        household.add_rule({"match": "02164550011", "action": "block", "note": "装修"})
        household.add_account(OFFICE)
        shelf = Shelf(db, data / "lists", place=household.place, lend=household.borrow)
        shelf.change(shelf.subscribe("骚扰号码", "https://lists.example/all.csv")["id"], {"on": False})
        for number, name in FAMILY:
            household.add_contact(name, [number])
        calls = [
            as_document(call) for call in sorted(_calls(household, days, seed), key=lambda call: call.started)
        ]
    with open_store(data / "calls.journal") as db:
        db.table("calls").insert_multiple(Document(doc, id) for id, doc in enumerate(calls, 1))
        platform = [id for id, doc in enumerate(calls, 1) if (doc["number"] or "").startswith(PLATFORM)]
        db.table("remarks").write({id: {"kind": "loans", "said": SAID} for id in platform[-3:]})
        db.table("complaints").insert(
            {
                "form": "12321", "about": f"{PLATFORM}????", "calls": platform, "answers": {"manner": "person"},
                "state": "prepared", "reference": "", "answer": "", "created": calls[-1]["started"], "filed": None,
            }
        )  # fmt: skip


def called_by_a_platform(appliance: Appliance) -> None:
    """Have one platform call with eleven look-alike numbers in nine days."""
    for place in range(11):
        appliance.household.screening.ended(
            understand(f"1621012{place * 917:04}", "CN"),
            datetime.now(UTC) - timedelta(days=9 * (10 - place) / 11),
            Verdict(Action.ALLOW, Reason.DEFAULT),
            rings=3,
            talked=3.0,
        )


def _calls(household: Household, days: int, seed: int) -> Iterator[Call]:
    chance = random.Random(seed)
    today = datetime.now(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
    for day in range(days, 0, -1):
        for _ in range(chance.randint(4, 11)):
            started = today - timedelta(
                days=day - 1, minutes=-chance.choice([chance.randint(540, 1260)] * 5 + [800])
            )
            if started < datetime.now(BEIJING) - timedelta(minutes=9):
                yield _call(household, chance, started)


def _call(household: Household, chance: random.Random, started: datetime) -> Call:
    draw = chance.random()
    name = None
    if draw < 0.62:
        number: str | None = f"{chance.choice(SEGMENTS)}{chance.randint(0, 9999):04}"
    elif draw < 0.78:
        number, name = chance.choice(FAMILY)
    elif draw < 0.86:
        number = chance.choice(COURIERS)
    elif draw < 0.96:
        number = chance.choice(STRANGERS)
    else:
        number = None
    policy = household.screening.policy
    call = Call(
        "modem", started.astimezone(UTC), CallerId(number=number, name=name), rings=chance.randint(2, 6)
    )
    call.number = understand(number, policy.region, policy.area) if number else None
    call.verdict = household.screening.judge(Caller.of(call.caller_id, call.number, call.line, started))
    call.over, call.duration = True, 5.0 * call.rings
    call.cut = call.verdict.action is Action.BLOCK
    if not call.cut and chance.random() < 0.7:
        call.talked = float(chance.randint(8, 400))
    return call
