import stat
from hashlib import sha256
from pathlib import Path

import pytest

from web.scopes import SCOPES
from web.tokens import MOST, PREFIX, Token, Tokens, issue


def test_an_issued_token_is_known(tmp_path: Path) -> None:
    token = issue(tmp_path, "shell")
    assert token.startswith(PREFIX)
    assert len(token) > 40
    assert Tokens(tmp_path).known(token)


def test_a_token_issued_by_another_process_is_known_at_once(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path)
    assert tokens.known(issue(tmp_path, "late"))


@pytest.mark.parametrize(
    "token", ["", "rf_", "rf_x", "../secret", "rf_../../secret", "rf_\0", "rf_铃", "\udcff"]
)
def test_anything_else_is_not(tmp_path: Path, token: str) -> None:
    good = issue(tmp_path, "shell")
    tokens = Tokens(tmp_path)
    assert not tokens.known(token)
    assert not tokens.known(good + "x")
    assert not tokens.known(good[:-1])
    assert not tokens.known(good.removeprefix(PREFIX))


def test_the_hash_that_is_kept_is_no_token(tmp_path: Path) -> None:
    issue(tmp_path, "shell")
    (kept,) = (tmp_path / "tokens").iterdir()
    assert not Tokens(tmp_path).known(kept.name)
    assert not Tokens(tmp_path).known(PREFIX + kept.name)


def test_a_token_is_kept_as_a_hash_that_only_the_appliance_reads(tmp_path: Path) -> None:
    token = issue(tmp_path, "shell")
    (kept,) = (tmp_path / "tokens").iterdir()
    assert kept.name == sha256(token.encode()).hexdigest()
    assert token.removeprefix(PREFIX) not in kept.read_text()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700


def test_a_token_whose_file_is_gone_is_forgotten(tmp_path: Path) -> None:
    token = issue(tmp_path, "shell")
    tokens = Tokens(tmp_path)
    next((tmp_path / "tokens").iterdir()).unlink()
    assert not tokens.known(token)


@pytest.mark.parametrize("name", ["", "  ", "x" * 65, "a\nb", "a\0b", "\x1b[2J"])
def test_a_name_that_is_no_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        issue(tmp_path, name)
    assert not (tmp_path / "tokens").exists()


def test_a_token_is_for_what_it_was_issued_for(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path)
    usual, metrics = (
        tokens.known(issue(tmp_path, "shell")),
        tokens.known(issue(tmp_path, "graph", ["metrics"])),
    )
    assert usual
    assert metrics
    assert usual.scopes == {"read", "write"}
    assert (metrics.name, metrics.scopes) == ("graph", {"metrics"})


@pytest.mark.parametrize("scopes", [[], ["all"], ["read", "x"]])
def test_a_token_for_nothing_or_for_what_there_is_not_is_refused(tmp_path: Path, scopes: list[str]) -> None:
    with pytest.raises(ValueError, match="scopes"):
        issue(tmp_path, "shell", scopes)
    assert Tokens(tmp_path).issued() == []


def test_a_token_of_before_there_were_scopes_reads_and_writes(tmp_path: Path) -> None:
    token = issue(tmp_path, "x", SCOPES)
    (kept,) = (tmp_path / "tokens").iterdir()
    for text, name in ((b"\\u94c3\\u76fe", "铃盾"), (b"[1]", "[1]"), (b"7", "7")):
        kept.write_bytes(text)
        assert Tokens(tmp_path).known(token) == Token(kept.name, name, frozenset({"read", "write"}))


def test_there_is_a_bounded_number_of_tokens(tmp_path: Path) -> None:
    for n in range(MOST):
        issue(tmp_path, f"{n:02}")
    with pytest.raises(ValueError, match="most"):
        issue(tmp_path, "x")
    tokens = Tokens(tmp_path)
    assert [token.name for token in tokens.issued()] == [f"{n:02}" for n in range(MOST)]
    assert tokens.remove(tokens.issued()[0].id)
    (tmp_path / "secret").touch()
    assert not tokens.remove("../secret")
    assert (tmp_path / "secret").exists()
    assert issue(tmp_path, "x")


def test_every_token_is_compared_in_constant_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    monkeypatch.setattr("secrets.compare_digest", lambda a, b: compared.append(a) or a == b)
    issued = [issue(tmp_path, name) for name in "abc"]
    assert Tokens(tmp_path).known(issued[0])
    assert len(compared) == len(issued)
