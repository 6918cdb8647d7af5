"""Inside Redis a caller is judged as at home."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from servers import RedisServer

from firmware.call import Absence, Action, CallerId, Number
from firmware.lines.sip.published.publisher import Publisher
from firmware.numbers import understand
from firmware.screening import Caller, Contacts, Listed, Pass, Passes, Policy, Rulebook, Screening, rule_from
from firmware.screening.answers import Answer, Says
from firmware.screening.pools import Outcome

NOW = datetime(2026, 7, 1, 13, 0, tzinfo=UTC)
LINE = "proxy"


class Numbers:
    """A list of numbers and segments, in national form."""

    def __init__(self, *entries: str) -> None:
        self._entries = entries

    def entries(self) -> Iterator[str]:
        return iter(self._entries)

    def within(self, opening: str, digits: int) -> tuple[int, float]:
        return 0, 0.0

    def find(self, number: Number) -> str | None:
        if number.national in self._entries:
            return number.normal
        segments = [entry for entry in self._entries if entry.endswith("*")]
        fitting = [entry for entry in segments if number.national.startswith(entry[:-1])]
        return max(fitting, key=len, default=None)


def screening(region: str, rules: list[dict[str, Any]], area: str = "", **parts: Any) -> Screening:
    made = [{**rule_from(rule, region, area).document(), "created": NOW.isoformat()} for rule in rules]
    return Screening(Rulebook.load(enumerate(made, 1)), Policy(region=region, area=area, zone=UTC), **parts)


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with RedisServer(tmp_path_factory.mktemp("redis")) as server:
        yield server


def both(
    redis: RedisServer, screening: Screening, presented: str, absence: Absence | None = None
) -> tuple[Any, Any]:
    """Action, reason, id and match at home, and in Redis."""
    policy = screening.policy
    number = understand(presented, policy.region, policy.area) if presented else None
    caller = Caller.of(CallerId(presented or None, absence=absence), number, LINE, NOW)
    verdict = screening.judge(caller)
    match = verdict.match or ""
    if verdict.reason == "list":
        match = match.partition(": ")[2]
    _, action, reason, id, said = redis.verdict(presented, absence or "")
    return (verdict.action, verdict.reason, verdict.rule or 0, match), (action, reason, int(id), said)


RULES: list[dict[str, Any]] = [
    {"match": "162*", "action": "block"},
    {"match": "1621*", "action": "allow"},
    {"match": "16210120000..16210129999", "action": "block"},
    {"match": "13800000001", "action": "block"},
    {"match": "16299999999", "action": "allow"},
    {"match": "0101234*", "action": "block"},
    {"match": "+44*", "action": "block"},
    {"match": "kind:international", "action": "block", "note": "all but"},
    {"match": "400*", "action": "block"},
    {"match": "95*", "action": "block"},
    {"match": "10086", "action": "block"},
    {"match": "kind:withheld", "action": "block"},
]
CALLERS = (
    "16210120001", "16210130001", "16220000000", "+8616220000000", "8616220000000", "008616220000000",
    "13800000001", "+8613800000001", "013800000001", "16299999999", "01012345678", "+861012345678",
    "+442071838750", "+15551234567", "4008123123", "+864008123123", "95588", "10086", "110", "+86110", "01012345",
    "10010", "12345", "18600000001", "18600000002", "17000000001", "", "10655012345678",
)  # fmt: skip


def test_the_order_is_the_same(redis: RedisServer) -> None:
    wishes = screening(
        "CN",
        RULES,
        contacts=Contacts([(7, {"name": "Mother and 父亲", "numbers": ["+8616220000001", "+442071838750"]})]),
        passes=Passes([Pass(3, ("170*",), NOW + timedelta(minutes=5)), Pass(4, ("+8613800000009",), None)]),
        lists=(
            Listed(1, "bad", Action.BLOCK, Numbers("18600000001", "170*", "1860000*")),
            Listed(2, "good", Action.ALLOW, Numbers("18600000002")),
        ),
    )
    Publisher(redis.client, "home", LINE).publish(wishes, NOW)
    for presented in CALLERS:
        for absence in (None,) if presented else Absence:
            at_home, there = both(redis, wishes, presented, absence)
            assert there == at_home, presented


@pytest.mark.parametrize("region", ["CN", "US", "GB", "DE", "FR"])
def test_numbers_are_understood_as_at_home(redis: RedisServer, region: str) -> None:
    """Every number as E.164, with 00, and as it is dialled at home, matches the rule over it and its segment."""
    import phonenumbers

    kinds = phonenumbers.PhoneNumberType
    examples = [
        phonenumbers.example_number_for_type(region, kind)
        for kind in (kinds.MOBILE, kinds.FIXED_LINE, kinds.TOLL_FREE, kinds.VOIP, kinds.PREMIUM_RATE)
    ]
    random.seed(7)
    numbers = set()
    for example in filter(None, examples):
        for _ in range(30):
            text = str(example.national_number)
            changed = text[:-4] + f"{random.randrange(10**4):04}"
            numbers.add(f"+{example.country_code}{changed}")
    publisher = Publisher(redis.client, "home", LINE)
    for digits in sorted(numbers):
        understood = understand(digits, region)
        if not understood.possible:
            continue
        wishes = screening(region, [{"match": understood.normal, "action": "block"}])
        publisher.publish(wishes, NOW)
        for form in (digits, digits[1:], f"00{digits[1:]}", understood.national):
            if understand(form, region).normal == understood.normal:
                assert redis.verdict(form)[1:3] == ["block", "number"], form
        wishes = screening(region, [{"match": f"{understood.national[:5]}*", "action": "block"}])
        publisher.publish(wishes, NOW)
        assert redis.verdict(digits)[1:3] == ["block", "rule"], digits


def test_a_local_number_is_completed_with_the_area_code(redis: RedisServer) -> None:
    wishes = screening("CN", [{"match": "01088886666", "action": "block"}], area="010")
    Publisher(redis.client, "home", LINE).publish(wishes, NOW)
    assert redis.verdict("88886666")[1] == "block"


def test_hours_lines_and_pauses_hold_as_at_home(redis: RedisServer) -> None:
    rules = [
        {"match": "162*", "action": "block", "when": "12:00-14:00"},
        {"match": "163*", "action": "block", "when": "14:00-15:00"},
        {"match": "164*", "action": "block", "line": "modem"},
        {"match": "165*", "action": "block", "until": (NOW + timedelta(minutes=1)).isoformat()},
    ]
    wishes = screening("CN", rules)
    publisher = Publisher(redis.client, "home", LINE)

    def blocked() -> str:
        return "".join(str(n) for n in range(2, 6) if redis.verdict(f"16{n}00000000")[1] == "block")

    publisher.publish(wishes, NOW)
    assert blocked() == "25"
    publisher.publish(wishes, NOW + timedelta(hours=1))
    assert blocked() == "3"
    wishes.paused = NOW + timedelta(hours=2)
    publisher.publish(wishes, NOW + timedelta(hours=1))
    assert blocked() == ""


def test_a_pool_about_which_the_owner_was_asked_is_blocked_or_let_through(redis: RedisServer) -> None:
    wishes = screening("CN", [])
    for last in range(1, 9):
        number = understand(f"1621012000{last}", "CN")
        wishes.pools.ended(number, NOW - timedelta(days=last), Outcome.HUNG_UP, None)
    wishes.answers.put(Answer(1, "16210120???", Says.BLOCK, 0, NOW))
    wishes.answers.put(Answer(2, "162101200??", Says.ALLOW, 0, NOW))
    Publisher(redis.client, "home", LINE).publish(wishes, NOW)
    for presented in ("16210120111", "16210120011", "16210121111", "162101201111"):
        at_home, there = both(redis, wishes, presented)
        assert there == at_home, presented
    assert redis.verdict("16210120111")[1:4] == ["block", "pool", "1"]


ORIGINS: list[dict[str, Any]] = [
    {"match": "place:广东", "action": "block"},
    {"match": "place:深圳", "action": "allow"},
    {"match": "place:北京", "action": "block"},
    {"match": "operator:China Telecom", "action": "block"},
    {"match": "kind:mvno", "action": "block"},
    {"match": "13800138*", "action": "allow"},
]


def test_places_operators_and_kinds_of_china_are_told_apart_as_at_home(redis: RedisServer) -> None:
    wishes = screening("CN", ORIGINS)
    assert Publisher(redis.client, "home", LINE).publish(wishes, NOW) == []
    chance = random.Random(4)
    begun = (
        "13",
        "15",
        "16",
        "17",
        "18",
        "19",
        "14",
        "010",
        "020",
        "0755",
        "0769",
        "021",
        "0108",
        "02095",
        "00",
    )
    callers = [begin.ljust(11, "x") for begin in begun for _ in range(60)]
    callers += [
        "020xxxxxxxx",
        "0755xxxxxxxx",
        "0107xxxxxxx",
        "01095588",
        "02010000",
        "10000",
        "14xxxxxxxxxxx",
    ] * 20
    callers += ["1349xxxxxxx", "1740xxxxxxx", "162xxxxxxxx", "170xxxxxxxx", "13800138000"] * 20
    met = set()
    for caller in callers:
        presented = "".join(chance.choice("0123456789") if sign == "x" else sign for sign in caller)
        at_home, there = both(redis, wishes, presented)
        assert there == at_home, presented
        met.add(at_home[3])
    assert met >= {rule["match"] for rule in ORIGINS}


def test_what_cannot_be_expressed_is_told(redis: RedisServer) -> None:
    told = ["name:贷款", "/^1/", "162????8888", "kind:landline", "place:California", "operator:Nobody"]
    wishes = screening("CN", [{"match": match, "action": "block"} for match in (*told, "162*")])
    assert set(Publisher(redis.client, "home", LINE).publish(wishes, NOW)) == set(told)


def test_each_tenant_has_its_own_wishes(redis: RedisServer) -> None:
    strict = screening("CN", [{"match": "kind:anyone", "action": "block"}])
    Publisher(redis.client, "home", LINE).publish(screening("CN", []), NOW)
    Publisher(redis.client, "hotel", LINE, ["200"]).publish(strict, NOW)
    assert redis.verdict("13800000001", called="200")[:2] == ["hotel", "block"]
    assert redis.verdict("13800000001", called="100")[:2] == ["home", "allow"]
    redis.client.delete("ringfence:lines", "ringfence:hotel")


def test_with_nothing_published_everybody_comes_through(redis: RedisServer) -> None:
    redis.client.delete("ringfence:lines")
    assert redis.verdict("13800000001")[1] == "allow"


def test_the_policy_for_callers_without_a_number_holds(redis: RedisServer) -> None:
    wishes = screening("CN", [])
    wishes.policy = replace(wishes.policy, unavailable=Action.BLOCK)
    Publisher(redis.client, "home", LINE).publish(wishes, NOW)
    assert redis.verdict("", "unavailable")[1:3] == ["block", "unavailable"]
    assert redis.verdict("", "withheld")[1:3] == ["allow", "withheld"]
