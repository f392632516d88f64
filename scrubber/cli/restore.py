"""`scrubber restore`: put pages together again from what was kept of them and a sidecar."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from scrubber.cli.corpora import add_fields, read_fields, told
from scrubber.cli.messages import Failure, UsageError
from scrubber.cli.outputs import StandardOutput
from scrubber.cli.parser import Parser

NOTES = """\
OUT is the folder of a run with --sidecar. KEPT is JSON Lines or Parquet with what was kept of its pages, one
record each and in the same order; scrubber.corpus.pieces.cut makes it. Each record comes out with the page
as it was, to the character; a text that does not fit is an error that names its record.

Examples:
  scrubber restore out/ kept.jsonl > pages.jsonl
  scrubber restore out/ kept.parquet --field content=body > pages.jsonl
"""


def run(arguments: Sequence[str], *, debug: bool) -> bool:
    """Run the command; always done when it returns."""
    parser = Parser("restore", "Put pages together again from a sidecar.", "OUT KEPT ... [OPTIONS]", NOTES)
    parser.add_argument("paths", nargs="*", metavar="PATH", help="a run with --sidecar, and what was kept")
    add_fields(parser, "content (what was kept)")
    options = parser.read(arguments)
    if options is None:
        return True
    if len(options.paths) < 2:  # noqa: PLR2004 - a folder, and at least one input
        raise UsageError("name the folder of the sidecar and what was kept: scrubber restore OUT KEPT ...")
    folder, *inputs = options.paths
    output = StandardOutput()
    with told():
        from scrubber.corpus.encoding import json_line
        from scrubber.corpus.folder import RunFolder
        from scrubber.corpus.restore import DoesNotFit, restored

        try:
            for record in restored(RunFolder(Path(folder)), inputs, read_fields(options.field)):
                output.write(f"{json_line(record).decode()}\n")
        except DoesNotFit as error:
            raise Failure(str(error)) from error
    return True
