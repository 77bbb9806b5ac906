"""`wb fleet hunt`: ask the fleet, on the server's own machine or through its API."""

from typing import TYPE_CHECKING

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.fleet_hunt_options import Way, way_options
from weighbridge.cli.named_file import content_of
from weighbridge.cli.screen import Screen
from weighbridge.model.errors import WeighbridgeError

if TYPE_CHECKING:
    from weighbridge.cli.fleet_hunt_ask import Asker

LISTS = ("artifacts", "endpoints", "findings", "records")
FORMATS = ("table", "json", "jsonl", "csv")
_MOST = 100_000
_LARGEST_FILE = 256_000


@click.command("hunt", short_help="Ask for artifacts, endpoints, findings and records; hunt digests.")
@click.argument("query", required=False)
@click.option("--in", "what", type=click.Choice(LISTS), default=LISTS[0], show_default=True, help="Where to look.")
@click.option("--digests", metavar="FILE", help="Hunt every SHA-256 in a text; - for standard input.")
@click.option("--fields", is_flag=True, help="Show what may be asked, and how.")
@click.option("--limit", type=click.IntRange(1, _MOST), default=50, show_default=True, help="Rows, or places a digest.")
@click.option("-f", "--format", "format_name", type=click.Choice(FORMATS), default="table", show_default=True)
@way_options
@click.pass_obj
def command(
    screen: Screen,
    query: str | None,
    what: str,
    digests: str | None,
    fields: bool,
    limit: int,
    format_name: str,
    way: Way,
) -> int:
    """Ask the fleet with QUERY: `field:value`, AND, OR, NOT and (...), the same as in the console.

    `digest:4f2a91c0` finds a model by the beginning of its digest, `--in records 'kind:process owner:ada'` what was
    run on Ada's machines; `--fields` lists all that can be asked. With --digests it takes any text with digests in it
    and tells who has or had each, and who ran it.

    With --server and --token-file it asks another machine's server; the token sees what its account may see.
    """
    if sum((query is not None, digests is not None, fields)) != 1:
        raise click.UsageError('give a QUERY ("" for everything), or --digests FILE, or --fields')
    text = None if digests is None else _text(digests)
    with way.asker() as asker:
        if fields:
            return _fields(screen, asker, what)
        if text is not None:
            return _digests(screen, asker, text, limit, format_name)
        return _rows(screen, asker, what, query or "", limit, format_name)


def _fields(screen: Screen, asker: "Asker", what: str) -> int:
    from weighbridge.cli import fleet_hunt_output as output

    (told,) = [one for one in asker.fields() if one["name"] == what]
    screen.data(output.fields(told))
    return Exit.WITHIN_POLICY


def _digests(screen: Screen, asker: "Asker", text: str, limit: int, format_name: str) -> int:
    from weighbridge.cli import fleet_hunt_output as output

    found = asker.hunt(text, min(limit, output.MOST_PLACES))
    screen.data(output.caught(found, format_name, screen.width))
    for sentence, role in output.said_of_catch(found):
        screen.say(sentence, role)
    return Exit.WITHIN_POLICY if any(row["sha256"] for row in found["rows"]) else Exit.NOTHING


def _rows(screen: Screen, asker: "Asker", what: str, query: str, limit: int, format_name: str) -> int:
    from weighbridge.cli import fleet_hunt_output as output
    from weighbridge.cli.fleet_hunt_ask import pieces
    from weighbridge.fleet.query_syntax import place_in
    from weighbridge.report.escape import visible

    try:
        found = pieces(asker, what, query, limit)
    except WeighbridgeError as error:
        place = place_in(error.message)
        if error.code == "E-query" and place is not None:
            screen.say(f"  {visible(query)}")
            screen.say(f"  {' ' * len(visible(query[:place]))}^", "error")
        raise
    screen.data(output.rows(what, found, format_name, screen.width))
    for sentence, role in output.said_of(what, found):
        screen.say(sentence, role)
    return Exit.WITHIN_POLICY if found.rows else Exit.NOTHING


def _text(path: str) -> str:
    try:
        return content_of(path, _LARGEST_FILE, or_input=True).decode("utf-8", "replace")
    except OSError as error:
        raise click.UsageError(f"--digests {path}: {error.strerror}") from None
