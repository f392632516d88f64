"""`scrubber run`: clean a whole corpus into a folder."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from typing import TYPE_CHECKING

from scrubber.cli.corpora import add_fields, add_limits, in_words, progress_bar, read_fields, told
from scrubber.cli.messages import UsageError
from scrubber.cli.options import CleanerOptions
from scrubber.cli.parser import Parser

if TYPE_CHECKING:
    from scrubber.corpus.engines import Engine
    from scrubber.corpus.settings import Settings

NOTES = """\
IN is a file, a folder or an address that fsspec opens (s3://..., https://...): JSON Lines (.jsonl, also
.gz and .zst), Parquet, WARC and WET (also .gz), pages (.html, .txt). Of a folder, all such files.

Fields: --field content=body names the field that holds the page (else the first of html, text, content,
raw_content); url, id, content_type and date likewise. text and report name what is written: --field text=article.

OUT holds part-* (the pages, all their other fields as they were), dead/ (records that gave no article, with
the reason and the raw input), manifest/ (what is there for good) and plan.json.

Examples:
  scrubber run pages.jsonl.gz -o out/
  scrubber run crawl/*.warc.gz -o out/ --format parquet --workers 8
  scrubber run crawl/*.warc.gz -o out/ --format parquet --resume
  scrubber run s3://bucket/pages/ -o out/ --field content=html --field url=link

Exit codes: 0 all done, 1 the run stopped before its end (go on with --resume), 2 wrong call,
130 interrupted (go on with --resume).
"""


def run(arguments: Sequence[str], *, debug: bool) -> bool:
    """Run the command; always done when it returns."""
    parser = _parser()
    options = parser.read(arguments)
    if options is None:
        return True
    if not options.paths or not options.output:
        raise UsageError("name what to read and where to write: scrubber run IN ... -o OUT")
    with told(), progress_bar() as show, redirect_stdout(sys.stderr):  # Ray tells of machines on standard output
        from scrubber.corpus import runs

        tally = runs.run(
            options.paths,
            options.output,
            _settings(options),
            kind=options.input_format,
            workers=options.workers,
            resume=options.resume,
            learn=options.learn_sites,
            max_dead_ratio=options.max_dead_ratio,
            show=show,
            engine=_engine(options),
        )
    print(in_words(tally))
    return True


def _parser() -> Parser:
    parser = Parser("run", "Clean a corpus into a folder; no page can stop it.", "IN ... -o OUT [OPTIONS]", NOTES)
    parser.add_argument("paths", nargs="*", metavar="IN", help="a file, a folder or an address")
    parser.add_argument("-o", "--output", metavar="OUT", help="the folder to write to; made, and must be empty")
    parser.add_argument("--format", choices=["jsonl", "parquet"], default="jsonl", help="jsonl (zstd) is the default")
    text = "write what is removed instead of the articles; see scrubber restore"
    parser.add_argument("--sidecar", action="store_true", help=text)
    add_fields(parser, "content, url, id, content_type, date (read), text, report (written)")
    text = "what all inputs are, where their names do not tell: jsonl, jsonl_packed, parquet, warc, pages"
    parser.add_argument("--input-format", metavar="KIND", help=text)
    parser.add_argument("--resume", action="store_true", help="go on with the run that was begun in OUT")
    text = "first learn sites with at least 20 pages, into OUT/sites for review, and clean with what was learned"
    parser.add_argument("--learn-sites", action="store_true", help=text)
    text = "pool (worker processes, the default), or ray (tasks on a Ray cluster; needs the extra ray)"
    parser.add_argument("--engine", choices=["pool", "ray"], default="pool", help=text)
    text = "the cluster, such as auto or ray://head:10001; one is started on this machine by default"
    parser.add_argument("--ray-address", metavar="ADDRESS", help=text)
    add_limits(parser, max_dead_ratio=0.1)
    CleanerOptions.add_to(parser)
    return parser


def _engine(options: Namespace) -> Callable[[], Engine] | None:
    """Return what makes the engine, None for worker processes."""
    if options.engine == "pool":
        if options.ray_address:
            raise UsageError("--ray-address is for --engine ray")
        return None

    def start() -> Engine:
        from scrubber.corpus.engines.on_ray import RayEngine

        return RayEngine(options.ray_address, options.workers)

    return start


def _settings(options: Namespace) -> Settings:
    from scrubber.corpus.settings import Cleaning, Settings

    how = CleanerOptions.read(options)
    how.cleaner()  # says what is wrong with the options in their own terms
    cleaning = Cleaning(
        tuple(map(str, how.keep)),
        tuple(map(str, how.drop)),
        how.repair.quotes,
        how.repair.width,
        tuple(map(str, how.plugins.folders)),
        how.plugins.sites,
    )
    limits = {"page_seconds": options.page_seconds, "page_memory": options.page_memory}
    return Settings(cleaning, read_fields(options.field), options.format, options.sidecar, **limits)
