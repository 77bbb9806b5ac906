"""`wb lineage`: compare weights with one another and with the models that this machine knows."""

import os

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.options import output_option, quiet_option
from weighbridge.cli.screen import Screen
from weighbridge.cli.weighing import absolute_paths
from weighbridge.model.errors import WeighbridgeError

_WORDS = ("add", "forget", "list")


@click.command("lineage", short_help="Compare weights with one another and with known models.")
@click.argument("words", nargs=-1, metavar="[add|list|forget] [FILE|NAME]...")
@click.option("--name", metavar="NAME", help="With add: what the model is called. [file name]")
@click.option("--license", "license_id", metavar="ID", help="With add: its license; scans apply it to derivatives.")
@click.option("-f", "--format", "format_name", type=click.Choice(["table", "json"]), default="table", show_default=True)
@output_option
@quiet_option
@click.pass_obj
def command(
    screen: Screen,
    words: tuple[str, ...],
    name: str | None,
    license_id: str | None,
    format_name: str,
    output: str | None,
    quiet: bool,
) -> int:
    """Tell which models were made from which, by their weights.

    FILE is a GGUF or safetensors file, or the folder of a model in several parts. Files are compared with one another
    and with the atlas, the models that `wb lineage add FILE...` made known; scans compare with it too. A file named
    like one of the words is given as ./list.
    """
    screen.quiet = quiet
    word, rest = (words[0], words[1:]) if words and words[0] in _WORDS else ("", words)
    if (name is not None or license_id is not None) and word != "add":
        raise click.UsageError("--name and --license go with add")
    if word == "list":
        if rest:
            raise click.UsageError("list takes nothing else")
        return _list(screen, format_name, output)
    if not rest:
        raise click.UsageError("give files to compare, or add, list or forget")
    if word == "add":
        return _add(screen, rest, name, license_id)
    if word == "forget":
        return _forget(screen, rest)
    return _compare(screen, rest, format_name, output)


def _add(screen: Screen, files: tuple[str, ...], name: str | None, license_id: str | None) -> Exit:
    if name is not None and len(files) > 1:
        raise click.UsageError("--name names one file")
    from weighbridge.host.real import RealMachine
    from weighbridge.licensing.table import license_entry
    from weighbridge.pipeline.atlas import Known, open_atlas
    from weighbridge.pipeline.relatives import sketch_at
    from weighbridge.report.escape import visible
    from weighbridge.report.words import counted

    entry = license_entry(license_id) if license_id is not None else None
    if license_id is not None and entry is None:
        raise click.UsageError(f"--license {license_id} is not known; use an id such as apache-2.0")
    machine = RealMachine()
    paths = absolute_paths(files)
    known = []
    for path in paths:
        made = sketch_at(machine, path)
        digest = None
        if os.path.isfile(path):
            found = next(iter(machine.digest([os.path.realpath(path)])))[1]
            digest = None if isinstance(found, OSError) else found.sha256
        called = (name or os.fsdecode(os.path.basename(path)))[:200].encode("utf-8", "replace").decode()
        known.append(
            Known(name=called, license=entry.id if entry is not None else None, sha256=digest, path=path, sketch=made)
        )
    open_atlas(machine).add(*known)
    for one in known:
        sampled = counted(len(one.sketch.names), "matrix", "matrices")
        screen.say(
            f"✓ {visible(one.name)} is known now ({sampled}, {counted(len(one.sketch.norms), 'norm')})", "success"
        )
    return Exit.WITHIN_POLICY


def _list(screen: Screen, format_name: str, output: str | None) -> Exit:
    from weighbridge.cli.lineage_words import atlas_document, atlas_lines
    from weighbridge.host.real import RealMachine
    from weighbridge.pipeline.atlas import open_atlas

    entries = open_atlas(RealMachine()).entries()
    _deliver(screen, format_name, output, atlas_lines(entries), atlas_document(entries))
    return Exit.WITHIN_POLICY


def _forget(screen: Screen, names: tuple[str, ...]) -> Exit:
    from weighbridge.host.real import RealMachine
    from weighbridge.pipeline.atlas import open_atlas
    from weighbridge.report.escape import visible

    atlas = open_atlas(RealMachine())
    for name in names:
        if not atlas.forget(name):
            raise WeighbridgeError("E-atlas", f"nothing is known as {name}", "see `wb lineage list`")
        screen.say(f"✓ {visible(name)} is forgotten", "success")
    return Exit.WITHIN_POLICY


def _compare(screen: Screen, files: tuple[str, ...], format_name: str, output: str | None) -> Exit:
    from weighbridge.cli.lineage_words import comparison_document, comparison_lines
    from weighbridge.host.real import RealMachine
    from weighbridge.pipeline.atlas import UNREADABLE, open_atlas
    from weighbridge.pipeline.relatives import merges, relatives, sketch_at
    from weighbridge.report.escape import visible

    machine = RealMachine()
    sketches = [(name, sketch_at(machine, path)) for name, path in zip(files, absolute_paths(files), strict=True)]
    known = open_atlas(machine).entries()
    if len(sketches) == 1 and not known.models:
        raise click.UsageError("one file has nothing to be compared with; give a second, or `wb lineage add` one")
    for name in known.unreadable:
        screen.say(f"! {visible(name)} is not compared: {UNREADABLE}", "warning")
    found = relatives(sketches, known.models)
    merged = merges(sketches, known.models)
    if format_name == "json":
        _deliver(screen, format_name, output, [], comparison_document(sketches, found, merged))
    else:
        _deliver(screen, format_name, output, comparison_lines(sketches, found, merged), None)
    return Exit.WITHIN_POLICY


def _deliver(screen: Screen, format_name: str, output: str | None, lines: list[str], document: object) -> None:
    from weighbridge.report.indented import indented

    text = indented(document) + "\n" if format_name == "json" else "\n".join(lines) + "\n"
    if output is None or output == "-":
        screen.data(text)
    else:
        screen.write_file(output, text)
