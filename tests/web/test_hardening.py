"""What went wrong in like products, tried on this one.

INDEX says which tests try each class; what is tried on every route or on every source file stands here.
"""

import ast
import csv
import io
import re
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import RINGING
from flask import Flask
from test_guard import OPEN, Views, views
from visiting import Visitor

from firmware.appliance import Appliance
from firmware.lines.simulator import SimulatedModem
from web.tokens import PREFIX

__all__ = ["views"]

ROOT = Path(__file__).parents[2]

INDEX = {
    "stored and reflected XSS (Pi-hole CVE-2020-14971, CVE-2025-53533)": {
        "tests/web/test_injection.py": (
            "test_a_callers_name_is_text_and_nothing_else",
            "test_no_page_makes_markup_of_what_is_kept",
            "test_nothing_that_was_asked_for_comes_back_as_markup",
            "test_words_come_from_the_product_and_never_from_the_address",
        ),
        "tests/web/test_browser.py": ("test_a_call_is_seen_and_its_caller_blocked_without_a_reload",),
        "tests/web/test_metrics.py": ("test_a_label_is_text_and_nothing_else",),
        "tests/notices/test_wording.py": ("test_a_caller_s_name_is_a_short_line_without_markup",),
        "tests/web/test_hardening.py": (
            "test_no_template_prints_text_as_markup",
            "test_no_script_of_ours_makes_markup_or_code_of_text",
            "test_no_source_takes_text_for_markup",
        ),
    },
    "formulas in tables": {
        "tests/web/test_hardening.py": ("test_no_cell_of_any_table_is_a_formula",),
        "tests/contacts/test_table.py": ("test_a_formula_is_a_name_like_any_other",),
    },
    "commands and configuration injected (Pi-hole CVE-2020-8816, CVE-2020-11108)": {
        "tests/web/test_hardening.py": (
            "test_no_source_runs_a_shell_or_text_as_code",
            "test_nothing_that_a_caller_presents_becomes_a_command_to_the_modem",
            "test_a_line_break_or_a_nul_is_kept_nowhere",
        ),
    },
    "requests forged by another site (Pi-hole web #365, #463; AdGuard Home CVE-2022-32175)": {
        "tests/web/test_guard.py": (
            "test_no_change_is_made_for_another_sites_page",
            "test_no_change_is_made_without_the_forms_token",
            "test_nothing_changes_by_being_looked_at",
        ),
        "tests/web/test_hardening.py": (
            "test_no_change_answers_with_a_redirection_that_is_kept_or_repeated",
        ),
    },
    "what a role may not do, done (AdGuard Home 0.107.73)": {
        "tests/web/test_guard.py": (
            "test_whatever_is_not_open_by_name_turns_a_stranger_away",
            "test_a_viewer_sees_and_changes_nothing",
            "test_a_token_opens_what_its_scope_names_and_nothing_else",
            "test_no_other_method_opens_a_closed_page",
        ),
    },
    "files disclosed, permissions (AdGuard Home CVE-2024-36814, CVE-2024-36586)": {
        "tests/lists/test_address.py": ("test_a_url_that_will_not_do_is_refused_with_why",),
        "tests/web/test_injection.py": ("test_static_files_are_those_of_the_page_alone",),
        "tests/web/test_hardening.py": ("test_every_file_of_the_data_is_for_the_appliance_alone",),
    },
    "input without bound (AdGuard Home's rule lists)": {
        "tests/web/test_bodies.py": ("test_a_hostile_head_is_refused_and_harms_nothing",),
        "tests/web/test_hardening.py": ("test_every_route_takes_a_bounded_body",),
        "tests/web/test_server.py": ("test_a_body_without_end_is_refused",),
        "tests/contacts/test_rubbish.py": ("test_endless_lines_and_cards_are_refused",),
    },
    "root lured by what a service may write (Pi-hole 2026)": {
        "tests/web/test_hardening.py": ("test_root_runs_and_reads_nothing_that_the_service_may_write",),
    },
    "no sign-in, configuration run, SQL built (Pi.Alert CVE-2026-44887, CVE-2026-44888; callattendant)": {
        "tests/web/test_hardening.py": (
            "test_before_the_claim_there_is_nothing_but_the_claim",
            "test_no_source_runs_a_shell_or_text_as_code",
        ),
        "tests/web/test_claiming.py": ("test_the_code_works_once",),
    },
    "requests made on somebody's behalf (SSRF), names that lead into the house": {
        "tests/lists/test_address.py": (
            "test_a_host_that_is_not_public_is_refused_however_it_is_written",
            "test_a_name_that_leads_into_the_house_is_refused",
        ),
        "tests/notices/test_sending.py": ("test_a_private_address_is_refused_however_it_is_named",),
        "tests/web/test_guard.py": ("test_a_strangers_name_for_our_address_is_refused",),
    },
    "sessions fixed, passwords guessed, visitors sent elsewhere": {
        "tests/web/test_signing_in.py": (
            "test_the_session_is_a_new_one_after_signing_in",
            "test_guessing_is_slowed_down_for_who_guesses_and_for_nobody_else",
            "test_after_signing_in_one_stays_here",
            "test_who_taps_after_the_session_has_ended_comes_back_to_the_page_that_was_open",
        ),
        "tests/web/test_sessions.py": ("test_a_copied_cookie_ends_with_its_session",),
        "tests/web/test_throttle.py": (
            "test_who_guesses_at_one_address_waits_and_nobody_elsewhere_does",
            "test_many_guesses_at_a_name_keep_a_new_device_out_for_half_a_minute_at_most",
        ),
    },
    "secrets told": {
        "tests/web/test_hardening.py": ("test_no_secret_is_in_any_answer_or_in_the_log",),
        "tests/web/test_accounts.py": ("test_no_answer_holds_a_password_or_its_hash",),
        "tests/backups/test_backup.py": ("test_the_file_is_for_people_and_holds_no_secret",),
        "tests/notices/test_notices.py": ("test_no_url_is_told_anywhere",),
    },
}


@pytest.mark.parametrize("hole", INDEX)
def test_every_class_of_hole_is_tried(hole: str) -> None:
    for file, names in INDEX[hole].items():
        defined = {
            node.name
            for node in ast.parse((ROOT / file).read_text()).body
            if isinstance(node, ast.FunctionDef)
        }
        assert set(names) <= defined, file


SOURCES = sorted(file for part in ("firmware", "web") for file in (ROOT / part).rglob("*.py"))
NEVER = {
    *("eval", "exec", "compile", "__import__"),
    *("os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"),
    *("render_template_string", "flask.render_template_string"),
}
NEVER_IMPORTED = NEVER | {"pickle", "marshal", "shelve", "yaml", "runpy", "code"}


def imported(node: ast.AST) -> set[str]:
    """Modules, and what is taken out of them, by their full names."""
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return set()


def test_no_source_runs_a_shell_or_text_as_code() -> None:
    for file in SOURCES:
        for node in ast.walk(ast.parse(file.read_text())):
            assert not imported(node) & NEVER_IMPORTED, file
            if isinstance(node, ast.Call):
                assert ast.unparse(node.func) not in NEVER, (file, node.lineno)
                given = {keyword.arg: keyword.value for keyword in node.keywords}
                assert "shell" not in given, (file, node.lineno)


def test_no_cell_of_any_table_is_a_formula(
    views: Views, owner: Visitor, ring: Callable[..., int], guarding: Appliance
) -> None:
    id = ring("16210123456", "=1+1")
    guarding.remark(id, note="@SUM(1)", said="-2+3")
    owner.post(f"/calls/{id}/complaint")
    tables = {path for _, method, path in views if method == "GET" and path.endswith(".csv")}
    assert tables
    for path in tables:
        heading, *rows = csv.reader(io.StringIO(owner.get(path).get_data().decode("utf-8-sig")))
        assert rows, path
        for cell in (*heading, *(cell for row in rows for cell in row)):
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), (path, cell)
        assert any("@SUM(1)" in row or "'@SUM(1)" in row for row in rows), path


RENDERED = re.compile(r"row\(call\)|outcome|panel|shown|pieces\.\w+")
"""What templates may print as it is: what another template has made."""


def test_no_template_prints_text_as_markup() -> None:
    for file in sorted((ROOT / "web/templates").glob("*.html")):
        text = file.read_text()
        assert not re.search(r"autoescape\s+false", text), file
        for printed in re.findall(r"([^{}]*?)\|\s*safe\b", text):
            assert RENDERED.fullmatch(printed.strip()), (file, printed)


MAKES_MARKUP = re.compile(
    r"\b(inner|outer)HTML\b|insertAdjacentHTML|HTMLUnsafe|createContextualFragment|document\.write"
    r"|\beval\(|\bFunction\(|javascript:"
)


def test_no_script_of_ours_makes_markup_or_code_of_text() -> None:
    scripts = [*(ROOT / "web/static").glob("*.js"), *(ROOT / "web/templates").glob("*.js")]
    assert len(scripts) == 2
    for file in scripts:
        assert not MAKES_MARKUP.search(file.read_text()), file


def test_no_source_takes_text_for_markup() -> None:
    """But the QR code's, whose picture is made of squares. Into what a source has written, text is put escaped."""
    found = [
        file.name
        for file in SOURCES
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "Markup"
        and not isinstance(node.args[0], ast.Constant)
    ]
    assert found == ["complaints.py"]


def test_nothing_that_a_caller_presents_becomes_a_command_to_the_modem(
    ring: Callable[..., int],
    modem: SimulatedModem,
    guarding: Appliance,
    wait_until: Callable[..., None],
) -> None:
    guarding.household.add_rule({"match": "162*", "action": "block", "how": "cut+hangup"})
    before = len(modem.commands)
    ring("16210123456", "Wang")
    usual = set(modem.commands[before:])
    assert usual
    before = len(modem.commands)
    for name in ("AT&F;$(reboot)", "+++ATH1"):
        ring("16210123456", name)
    calls = len(guarding.calls_log)
    modem.call("1621012\rATD110\r", "x\r\nATZ\r\n\0+++\rATH1\r", rings=1, cadence=RINGING)
    guarding.line.ringing.silence = 0.0
    wait_until(lambda: len(guarding.calls_log) > calls and guarding.calls(limit=1)[0]["over"])
    assert set(modem.commands[before:]) <= usual


WRITTEN: dict[tuple[str, str], dict[str, Any]] = {
    ("/api/v1/rules", "POST"): {"match": "162*", "action": "block", "note": "{}"},
    ("/api/v1/contacts", "POST"): {"name": "{}", "numbers": ["16210123456"]},
    ("/api/v1/lists", "POST"): {"name": "{}", "url": "https://example.org/"},
    ("/api/v1/accounts", "POST"): {"name": "{}", "password": "correct horse"},
    ("/api/v1/tokens", "POST"): {"name": "{}", "scopes": ["read"]},
    ("/api/v1/settings", "PATCH"): {"area": "{}"},
}
"""Where text is kept, and how."""


@pytest.mark.parametrize(("path", "method"), WRITTEN)
def test_a_line_break_or_a_nul_is_kept_nowhere(program: Callable[..., Any], path: str, method: str) -> None:
    for bad in ("\n", "\r", "\0", "\u2028", "\x1b[2J"):
        body = {
            name: f"12{bad}34" if value == "{}" else value for name, value in WRITTEN[path, method].items()
        }
        answer = program(method, path, json=body)
        assert answer.status_code == 422 or bad not in "".join(map(str, answer.json.values())), bad


def test_no_change_answers_with_a_redirection_that_is_kept_or_repeated(views: Views, owner: Visitor) -> None:
    """A 301 is kept by browsers, and a 307 or 308 sends the change once more."""
    csrf = owner.csrf()
    for rule, method, path in views:
        if method == "GET" or rule.endpoint in ("access.sign_out", "pages.restart", "api.restart"):
            continue
        headers = {"X-CSRFToken": csrf}
        with owner.client.open(path, method=method, data={"csrf_token": csrf}, headers=headers) as answer:
            assert answer.status_code not in (301, 302, 307, 308), (method, path)


def test_every_route_takes_a_bounded_body(app: Flask) -> None:
    usual = app.config["MAX_CONTENT_LENGTH"]
    assert usual <= 1 << 16
    for name, view in app.view_functions.items():
        assert getattr(view, "largest_body", usual) <= 65 << 20, name


def test_before_the_claim_there_is_nothing_but_the_claim(views: Views, app: Flask, code: str) -> None:
    visitor = Visitor(app)
    reached = set()
    for rule, method, path in views:
        form = {"csrf_token": visitor.csrf()} if method != "GET" else None
        answer = visitor.client.open(path, method=method, data=form)
        if answer.status_code != 401 and (answer.status_code, answer.location) != (303, "/claim"):
            reached.add(rule.endpoint)
    assert reached == {endpoint for endpoint, _ in OPEN} - {"access.sign_in"} | {"access.claim"}


def test_every_file_of_the_data_is_for_the_appliance_alone(
    owner: Visitor, program: Callable[..., Any], ring: Callable[..., int], appliance: Appliance
) -> None:
    ring("16210123456")
    program("POST", "/api/v1/lists/upload?name=L", data=b"16210000000\n", content_type="text/plain")
    program("POST", "/api/v1/rules", json={"match": "162*", "action": "block"})
    found = [appliance.data, *appliance.data.rglob("*")]
    assert len(found) > 6
    for file in found:
        assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, file


CONFINED = {
    "User": "ringfence",
    "UMask": "0077",
    "StateDirectory": "ringfence",
    "StateDirectoryMode": "0700",
    "CapabilityBoundingSet": "",
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "DevicePolicy": "closed",
    "RestrictSUIDSGID": "yes",
}
"""What systemd holds each service to."""


def test_root_runs_and_reads_nothing_that_the_service_may_write() -> None:
    own = {"StateDirectory": "ringfence"}
    writable = {  # a stick for backups, which runs nothing
        "ringfence": {**own, "RuntimeDirectory": "ringfence", "ReadWritePaths": "-/media -/mnt"},
        "ringfence-sip": own,
    }
    for name, places in writable.items():
        unit = (ROOT / f"hw/{name}.service").read_text()
        settings = dict(re.findall(r"(?m)^(\w+)=(.*)$", unit))
        assert settings.items() >= CONFINED.items(), name
        granted = re.findall(
            r"(?m)^(ReadWritePaths|BindPaths|(?:State|Runtime|Cache|Logs|Configuration)Directory)=(.*)$", unit
        )
        assert sorted(granted) == sorted(places.items()), name
        assert "EnvironmentFile" not in settings
        for command in re.findall(r"(?m)^Exec\w+=(.*)$", unit):
            assert re.match(r"-?/opt/ringfence/", command), command  # no + or !, which would run it as root
    script, wrapper = ((ROOT / name).read_text() for name in ("install.sh", "hw/ringfence.sh"))
    sourced = re.findall(r"(?m)(?:^|[;&|({]|\b(?:then|do|else)\b)\s*(?:source|\.)\s+(\S+)", script + wrapper)
    assert sourced == ["/etc/os-release"]
    assert re.findall(r"\S*/var/lib\S*", script + wrapper) == ["data=/var/lib/ringfence"]
    data = re.findall(r"(?m)^.*\$\{?data\b.*$", script)
    assert data
    for line in data:
        assert not re.search(r"(\bbash|\bcat|\bread|<)\s+\S*\$\{?data", line), line
    for line in re.findall(r"(?m)^.*\bchown\b.*$", script):  # no link's target, and the data alone
        assert re.search(r"chown -hR (\w+):\1 \"\$data\"", line), line


def test_no_secret_is_in_any_answer_or_in_the_log(
    views: Views, owner: Visitor, appliance: Appliance, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    appliance.lists.subscribe("L", "https://example.org/", token="list-secret")
    appliance.household.add_account(
        {"name": "Home", "server": "127.0.0.1:9", "user": "621", "password": "line-secret"}
    )
    appliance.notices.add("Phone", "ntfy://example.org/notice-secret")
    made = owner.post("/settings/tokens", {"name": "x", "scope": "read"}).text
    owner.post("/settings/accounts", {"name": "granny", "password": "granny secret"})
    owner.sign_in("guessed secret", name="owner")
    owner.sign_in(name="owner")
    key = (appliance.data / "secret").read_text()
    (token,) = (appliance.data / "tokens").iterdir()
    bearer = re.findall(rf"{PREFIX}[\w-]{{43}}", made)[0]
    with owner.client.session_transaction() as session:
        signed_in = session["_user_id"]
    secrets = (
        *("list-secret", "line-secret", "notice-secret"),
        *("granny secret", "guessed secret", "correct horse", "$argon2id", key, bearer, signed_in),
    )
    for rule, method, path in views:
        if method == "GET" and rule.endpoint not in ("live.page_news", "api.events"):
            text = owner.get(path).text
            assert not any(secret in text for secret in secrets), path
    assert not any(secret in caplog.text for secret in (*secrets, token.name))
