"""Rules and ready-made sets of them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from firmware.call import Action
from firmware.household.compiled import screening_from
from firmware.household.kept import Doc, Kept, now_as_text, with_ids
from firmware.screening import Rule, Screening, rule_from
from firmware.screening.matches import Sort
from firmware.screening.remarks import Remark, remarks
from firmware.screening.rules import rule_of
from firmware.screening.sets import ready_made
from firmware.store import Change, Changed, back

MOST_EXPRESSIONS = 200
"""Each costs memory and a little of every verdict, whatever it says."""

IDENTITY = ("match", "how", "line", "when", "until")
"""Of the rules over one match, those that have the same terms are one."""


class KeptRules(Kept):
    """The rules, and the sets that are turned on and off as one."""

    def rules(self, before: int | None = None, limit: int = 200) -> list[Doc]:
        """Rules, newest first, older than the id `before`."""
        return with_ids(self._table("rules").newest(limit, before=before))

    def rules_in_order(self, skip: int = 0, limit: int = 200, *, of_sets: bool = False) -> list[Doc]:
        """The owner's rules, or those `of_sets`, in the order in which they are asked, without the first `skip`."""
        with self._changing:
            own, sets = self.screening.rules.order()
            chosen = (sets if of_sets else own)[skip : skip + limit]
            return [doc for doc in map(self.rule, chosen) if doc]

    def rule(self, id: int) -> Doc | None:
        return self._found("rules", id)

    def rule_from(self, wish: Mapping[str, Any]) -> Rule:
        """The rule that a wish comes to here. Raises ValueError as the screening's `rule_from`."""
        policy = self.screening.policy
        return rule_from(wish, policy.region, policy.area)

    def add_rule(self, wish: Mapping[str, Any]) -> Doc:
        """Keep a rule. It replaces the one with the same match and terms.

        Raises ValueError as `rule_from`, or with the code `most` where there are too many expressions; OSError.
        """
        rule = self.rule_from(wish)
        with self._changing:
            id = self.screening.rules.same(rule)
            if id is None:
                self._check_room(rule)
            return self._keep_rule(id, rule)

    def add_rule_reversibly(self, wish: Mapping[str, Any]) -> tuple[Doc, Callable[[], object]]:
        """Keep a rule as `add_rule`, and the way back to what was before."""
        with self._changing:
            same = self.screening.rules.same(self.rule_from(wish))
            before = None if same is None else self.rule(same)
            doc = self.add_rule(wish)
        if before:
            return doc, partial(self.change_rule, doc["id"], before)
        return doc, partial(self.remove_rule, doc["id"])

    def change_rule(self, id: int, changes: Mapping[str, Any]) -> Doc | None:
        """Change some of a rule's fields; None where there is no such rule. It replaces the one that it comes to equal
        in match and terms.

        Raises ValueError as `add_rule`, OSError.
        """
        with self._changing:
            doc = self.rule(id)
            if doc is None:
                return None
            rule = self.rule_from({**doc, **changes})
            if not doc["match"].startswith("/"):
                self._check_room(rule)
            moved = any(doc.get(name) != rule.document().get(name) for name in IDENTITY)
            same = self.screening.rules.same(rule) if moved else None
            return self._keep_rule(id, rule, same if same != id else None)

    def _check_room(self, rule: Rule) -> None:
        """Raises ValueError where `rule` would be an expression more than there may be."""
        if rule.match.sort is Sort.EXPRESSION:
            kept = sum(doc["match"].startswith("/") for _, doc in self._table("rules").raw())
            if kept >= MOST_EXPRESSIONS:
                raise ValueError("most")

    def remove_rule(self, id: int) -> bool:
        """Drop a rule; False when there is none. Raises OSError."""
        with self._changing:
            doc = self._remove("rules", id)
            if doc is not None:
                self.screening.rules.drop(id, doc["match"])
        if doc is not None:
            self._on_change("rules", id)
        return doc is not None

    def _refuse_twins(self, changes: Mapping[int, Change]) -> None:
        """Raises Changed where a rule that is put back would stand beside one that says the same, or find no room."""
        for id, change in changes.items():
            now = self.rule(id)
            doc = back(now, *change)
            if doc is None:
                continue
            rule = rule_of({name: value for name, value in doc.items() if name != "id"})
            same = self.screening.rules.same(rule)
            if same is not None and same not in changes:
                raise Changed
            if now is None:
                try:
                    self._check_room(rule)
                except ValueError as error:
                    raise Changed from error

    def _keep_rule(self, id: int | None, rule: Rule, gone: int | None = None) -> Doc:
        """Keep a rule, in place of the one that is `gone`, which has the same match and terms."""
        before = None if id is None else self.rule(id)
        created = before["created"] if before else now_as_text()
        doc = self._keep(
            "rules", id, {**rule.document(), "created": created}, () if gone is None else (gone,)
        )
        self.screening.rules.put(doc["id"], rule)
        if gone is not None:
            self.screening.rules.drop(gone, rule.match.text)
        if before and before["match"] != rule.match.text:
            self.screening.rules.leave(doc["id"], before["match"])
        self._on_change("rules", doc["id"])
        return doc

    def remarks(self, wish: Mapping[str, Any], id: int | None = None) -> list[Doc]:
        """How the rule of a wish stands to the others, as `{"code", "id", "match"}`; `id`: the rule that it changes.

        Raises ValueError as `rule_from`.
        """
        rule = self.rule_from(wish)
        found = remarks(rule, self._table("rules").raw(), self.screening.policy.region, id)
        if rule.match.sort is Sort.NUMBER and rule.action is Action.BLOCK:
            contact = self.screening.contacts.find(rule.match.text)
            if contact:
                found.insert(0, Remark("contact", *contact))
        return [remark._asdict() for remark in found]

    def trial(self, wishes: Iterable[Mapping[str, Any]]) -> tuple[Screening, Screening]:
        """The screening as it is, and as it would be with these rules; neither has seen a call. Raises ValueError.

        A wish may have the `id` of the rule that it changes.
        """
        rules = [(self.rule_from(wish), self.rule(wish.get("id", 0))) for wish in wishes]
        before, after = screening_from(self._db), screening_from(self._db)
        before.lists = after.lists = self._lists
        for place, (rule, changed) in enumerate(rules, 1):
            if changed:
                after.rules.drop(changed["id"], changed["match"])
            after.rules.put(after.rules.same(rule) or -place, rule)
        return before, after

    def sets(self) -> list[Doc]:
        """Each ready-made set with whether it is on: whether all of its rules are kept and on."""
        found = self.rules_in_order(limit=sys.maxsize, of_sets=True)
        kept = {(doc["of"], doc["match"]) for doc in found if doc.get("on", True)}
        return [
            {
                "name": name,
                "on": all((name, rule.match.text) in kept for rule in self.set_rules(name)),
                "rules": list(wishes),
            }
            for name, wishes in ready_made(self.screening.policy.region).items()
        ]

    def set_rules(self, name: str) -> list[Rule]:
        """The rules of a set. Raises KeyError."""
        return [self.rule_from(wish) for wish in ready_made(self.screening.policy.region)[name]]

    def turn_set(self, name: str, *, on: bool) -> None:
        """Turn a ready-made set on or off; what the owner changed in it goes with it. Raises KeyError, OSError."""
        rules = self.set_rules(name)
        with self._changing:
            old = {id: doc for id, doc in self._table("rules").raw() if doc.get("of") == name}
            fresh = [{**rule.document(), "created": now_as_text()} for rule in rules] if on else []
            ids = self._table("rules").write(dict.fromkeys(old), fresh)
            for id, doc in old.items():
                self.screening.rules.drop(id, doc["match"])
            for id, rule in zip(ids, rules, strict=False):
                self.screening.rules.put(id, rule)
        self._on_change("rules", 0)
