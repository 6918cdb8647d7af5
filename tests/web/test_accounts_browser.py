"""The page of accounts in a real browser, in both languages, on a phone and on a desk."""

from playwright.sync_api import Browser, expect
from seeing import LAN, PASSWORD, View, look

CHANGING = ", ".join(
    (
        "main form[method=post]:not(.own form)",
        *(f"main [hx-{method}]" for method in ("post", "put", "patch", "delete")),
    )
)
"""What changes more than one's own way in."""


def test_a_viewer_is_let_in_and_is_shown_nothing_that_changes(
    view: View, chromium: Browser, wrong: list[str]
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
    granny = look(chromium, tab.url, wrong, view.language, view.width)
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
    granny.tab.context.close()


def test_a_program_is_given_a_token_and_shut_out(view: View) -> None:
    tab = view.tab
    view.goto("/settings/accounts", "Accounts")
    view.open("Let a program in")
    making = tab.locator("details", has=tab.locator("[name=scope]"))
    making.locator("[name=name]").fill("Grafana")
    making.locator("[name=scope][value=metrics]").check()
    view.button("Make a token").click()
    bearer = {"Authorization": f"Bearer {tab.locator('code.token').inner_text()}"}
    metrics = tab.url.replace(LAN, "127.0.0.1").partition("/settings")[0] + "/metrics"
    assert tab.request.get(metrics, headers=bearer).status == 200
    view.button("Remove", "Grafana").click()
    view.told("The program has no access any more.")
    assert tab.request.get(metrics, headers=bearer).status == 401
