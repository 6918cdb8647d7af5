"""The page of accounts in a real browser, in both languages, on a phone and on a desk."""

from collections.abc import Callable

from playwright.sync_api import expect
from seeing import PASSWORD, View

CHANGING = ", ".join(
    (
        "main form[method=post]:not(.own form)",
        *(f"main [hx-{method}]" for method in ("post", "put", "patch", "delete")),
    )
)
"""What changes more than one's own way in."""


def test_a_viewer_is_let_in_and_is_shown_nothing_that_changes(
    view: View, window: Callable[..., View]
) -> None:
    tab = view.tab
    view.goto("/settings/accounts", "Accounts")
    view.open("Let somebody else in")
    adding = tab.locator("details", has=tab.locator("[name=role]")).last
    adding.get_by_label(view.say("Name"), exact=True).fill("Granny")
    adding.get_by_label(view.say("Password"), exact=True).fill(PASSWORD)
    view.button("Keep", within=adding).click()
    view.told("The account is kept.")
    expect(tab.locator(".accounts").get_by_text("Granny").first).to_be_visible()
    granny = window(view.language, view.width)
    granny.goto("/sign-in", "Sign in")
    granny.field("Name").fill("granny")
    granny.field("Password").fill(PASSWORD)
    granny.button("Sign in").click()
    granny.tab.wait_for_url("**/")
    places = [link.get_attribute("href") or "" for link in granny.tab.locator("nav a").all()]
    for place in (*places, "/settings/accounts"):
        granny.tab.goto(place)
        shown = [
            form.get_attribute("action") for form in granny.tab.locator(CHANGING).all() if form.is_visible()
        ]
        assert shown == [], place


def test_a_program_is_given_a_token_for_what_it_may_and_shut_out(view: View, address: str) -> None:
    tab = view.tab
    view.goto("/settings/accounts", "Accounts")

    def answers(token: str) -> dict[str, int]:
        """What the box answers a program that looks, changes, manages and measures."""
        ask = tab.context.request
        headers = {"Authorization": f"Bearer {token}"}
        rule = {"match": "162*", "action": "block"}
        return {
            "read": ask.get(f"{address}/api/v1/status", headers=headers).status,
            "write": ask.post(f"{address}/api/v1/rules", headers=headers, data=rule).status,
            "admin": ask.get(f"{address}/api/v1/accounts", headers=headers).status,
            "metrics": ask.get(f"{address}/metrics", headers=headers).status,
        }

    granted = {"read": 200, "write": 201, "admin": 200, "metrics": 200}
    tokens = {}
    for scope in granted:
        view.open("Let a program in")
        making = tab.locator("details", has=tab.locator("[name=scope]"))
        making.locator("[name=name]").fill(f"for {scope}")
        for box in making.locator("[name=scope]").all():
            box.set_checked(box.input_value() == scope)
        view.button("Make a token").click()
        expect(tab.locator(".tokens li").filter(has_text=f"for {scope}")).to_be_visible()
        tokens[scope] = tab.locator("code.token").inner_text()
    for scope, token in tokens.items():
        assert answers(token) == {one: granted[one] if one == scope else 403 for one in granted}
    tab.locator(".tokens li").filter(has_text="for read").locator("summary").click()
    view.button("Shut it out", "for read").click()
    view.told("The program has no access any more.")
    assert answers(tokens["read"]) == dict.fromkeys(granted, 401)
