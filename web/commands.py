"""What the page adds to the `ringfence` command."""

from __future__ import annotations

from pathlib import Path

import click

from firmware.__main__ import config, data, wiring_from
from web import account, tokens
from web.scopes import SCOPES, USUAL

TOKEN_REFUSALS = {
    "name": f"A name of 1 to {tokens.LONGEST_NAME} printable characters is wanted.",
    "most": f"There are {tokens.MOST} tokens already.",
}


@click.command()
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice(tuple(SCOPES)),
    multiple=True,
    default=USUAL,
    show_default=True,
    help="What it is for; may be given more than once.",
)
@config
@data
def token(name: str, scopes: tuple[str, ...], config: Path | None, data: Path | None) -> None:
    """Print a new API token for NAME; it is not shown again."""
    try:
        click.echo(tokens.issue(wiring_from(config, data=data).data, name, scopes))
    except ValueError as error:
        raise click.ClickException(TOKEN_REFUSALS[str(error)]) from error
    except OSError as error:
        raise click.ClickException(str(error)) from error


@click.command()
@click.option("--again", is_flag=True, help="Make a new code, with which the password can be set anew.")
@config
@data
def setup_code(again: bool, config: Path | None, data: Path | None) -> None:
    """Print the code with which the page is claimed."""
    folder = wiring_from(config, data=data).data
    try:
        code = account.setup_code(folder)
        if again or (code is None and not account.begun(folder)):
            code = account.make_setup_code(folder)
    except OSError as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"Set-up code: {code}" if code else "The page has been claimed. Lost the password? Add --again."
    )
