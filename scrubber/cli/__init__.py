"""The command line: one module for each of `COMMANDS`, the others are what they share.

`main` is the only place that turns exceptions into messages and exit codes; docs/command-line.md lists them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

from scrubber.cli.messages import Failure, OutputError, UsageError, complain, nearest, trace
from scrubber.cli.paths import is_file, is_folder
from scrubber.errors import PluginError

DONE = 0
FAILED = 1
USAGE = 2
INTERRUPTED = 130
"""128 + SIGINT, as a shell reports it."""

CLOSED_PIPE = 141
"""128 + SIGPIPE: what `cat` gives when its reader goes away."""

PAGES = ("clean", "pipe", "explain", "plugins", "check", "learn", "new-site", "drift", "import-ftr")
CORPORA = ("run", "status", "stats", "retry-dead", "restore")
COMMANDS = PAGES + CORPORA

HELP = """\
Usage: scrubber COMMAND [OPTIONS] ...

Turn scraped web pages into clean article text, with a reason for every line.

Commands:
  clean       print the article of pages: files, folders or standard input
  pipe        clean JSON Lines from standard input: a record in, a record out
  explain     show for every line of a page whether it was kept, and why
  plugins     list the detectors and sites that are loaded, and where from
  check       run case folders: whether pages come out as they should
  learn       write the rules of a site from its pages
  new-site    make the whole folder of a site from its pages: rules, cases, notes
  drift       tell whether a site's pages still look as they did
  import-ftr  turn site files of FiveFilters and wallabag into site files

Commands for corpora:
  run         clean JSONL, Parquet, WARC, folders of pages, on all processors
  status      show how far a run is
  stats       show what a run dropped, by label, rule and host, and near duplicates
  retry-dead  clean the dead letters of a run once more
  restore     put pages together again from what a sidecar holds

Options:
  -h, --help  show this help, or that of a command: scrubber clean --help
  --version   show the version
  --debug     with any command: show the traceback of every error

Examples:
  scrubber clean page.txt
  curl -s https://paper.example/page.txt | scrubber clean -
  scrubber clean pages/ -o articles/
  scrubber clean pages/ --format json > articles.jsonl
  scrubber explain page.txt --url https://paper.example/news/1

Exit codes:
  0    all done; a page without an article is a warning, not an error
  1    some input could not be cleaned or written, the others were; a case failed; or a site drifts
  2    the call itself is wrong: an option, a label, a plugin, a folder, a case
  130  interrupted with Ctrl-C
  141  the reader of the output went away
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; `argv` without the program's name."""
    arguments = sys.argv[1:] if argv is None else list(argv)
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    debug = "--debug" in options
    quiet = [argument for argument in options if argument != "--debug"]
    try:
        code = _dispatch(quiet + arguments[len(options) :], debug)
        if sys.stdout is not None:
            sys.stdout.flush()
    except (UsageError, PluginError) as error:
        code = _report(error, str(error), USAGE, debug)
    except Failure as error:
        code = _report(error, str(error), FAILED, debug)
    except KeyboardInterrupt as error:
        code = _report(error, "interrupted", INTERRUPTED, debug)
    except BrokenPipeError:
        _abandon_output()
        code = CLOSED_PIPE
    except (OutputError, OSError) as error:
        code = _report(error, str(error), FAILED, debug)
        _abandon_output()
    except Exception as error:  # whatever it is, a user is not shown a traceback unasked
        hint = "This is a bug: run it again with --debug and report what it shows."
        code = _report(error, f"{type(error).__name__}: {error}. {hint}", FAILED, debug)
    return code


def _dispatch(arguments: list[str], debug: bool) -> int:
    if not arguments:
        print(HELP, end="", file=sys.stderr)
        return USAGE
    first, *rest = arguments
    if first in {"-h", "--help", "help"}:
        print(HELP, end="")
        return DONE
    if first == "--version":
        from scrubber import __version__  # the package may still be on its way in when this module is imported

        print(f"scrubber {__version__}")
        return DONE
    if first not in COMMANDS:
        raise UsageError(_unknown(first))
    done: bool = import_module(f"scrubber.cli.{first.replace('-', '_')}").run(rest, debug=debug)
    return DONE if done else FAILED


def _unknown(first: str) -> str:
    if first.startswith("-") and first != "-":
        return f"unknown option “{first}” before the command. Write the command first: scrubber clean {first}"
    if first == "-" or is_file(first) or is_folder(first):
        return f"“{first}” is no command. To clean it: scrubber clean {first}"
    return f"unknown command “{first}”. {nearest(first, COMMANDS)}"


def _report(error: BaseException, message: str, code: int, debug: bool) -> int:
    if debug:
        trace(error)
    complain(message)
    return code


def _abandon_output() -> None:
    """Point standard output at nothing, so that Python does not fail again when it flushes at exit."""
    try:
        output = sys.stdout.fileno()
        os.dup2(os.open(os.devnull, os.O_WRONLY), output)
    except (OSError, ValueError, AttributeError):  # a stand-in without a descriptor, as tests use
        return
