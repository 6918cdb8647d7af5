from importlib.metadata import version

from firmware.changes import Release, releases, releases_in


def test_the_changelog_is_read_by_versions() -> None:
    text = (
        "\n\n## 2.0.0\n\nTwo\nlines.\n\n- First,\n  goes on.\n- Second - with a dash\n\n## 1.0.0\n\n- Only\n"
    )
    assert releases_in(text) == [
        Release("2.0.0", "Two lines.", ("First, goes on.", "Second - with a dash")),
        Release("1.0.0", "", ("Only",)),
    ]
    assert releases_in("") == []


def test_what_is_installed_says_what_is_new_in_it() -> None:
    newest = releases()[0]
    assert newest.name.startswith(version("ringfence"))
    assert newest.changes
