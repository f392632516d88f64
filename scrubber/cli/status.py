"""`scrubber status`: how far a run is, from what it has written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from scrubber.cli.corpora import in_words, one_folder, state, told
from scrubber.cli.parser import Parser

NOTES = """\
Shows the same as the progress bar, of a run that goes on elsewhere, has stopped or is done.

Examples:
  scrubber status out/
  scrubber status out/ --json
"""


def run(arguments: Sequence[str], *, debug: bool) -> bool:
    """Run the command; always done when it returns."""
    parser = Parser("status", "Show how far a run is.", "OUT [OPTIONS]", NOTES)
    parser.add_argument("paths", nargs="*", metavar="OUT", help="the folder of a run")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.read(arguments)
    if options is None:
        return True
    with told():
        from scrubber.corpus.folder import RunFolder
        from scrubber.corpus.status import status

        found = status(RunFolder(Path(one_folder(options.paths, "status"))))
    if options.json:
        print(json.dumps(found.to_dict()))
        return True
    progress = found.progress
    where = "done" if found.done else "running" if found.running else "stopped: go on with --resume"
    print(f"{where}; {progress.shards} of {progress.of} shards, {progress.share:.0%} of the input")
    print(in_words(progress.tally) if found.done else state(progress))
    return True
