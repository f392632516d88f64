"""Break scrubber on purpose, one bug at a time, and print which law or golden notices.

    python benchmarks/planted_bugs.py                       # all of them, a few minutes
    python benchmarks/planted_bugs.py --only lost-span,quadratic

Each bug is planted in a temporary copy, by replacing a piece of source that must still be there. The tests are those of
the laws and goldens, and where a bug names them, tests of single modules; what fails without the bug too is left out.
Exit code: 0 where every bug is caught, 1 where one survives, 2 where one no longer fits the source.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from _copy import changed, copy_project
from _root import ROOT

LAWS = "tests/test_laws.py"
GOLDENS = "tests/test_fixtures.py"
SHOWN = 3
"""Failing tests after which a run stops: who caught it is known by then."""

LIMIT = 300
"""Seconds of CPU for the tests of one bug, several times what they take without it, also where the machine does other
things. A run that takes longer counts as caught where the same tests end without the bug."""

PATIENCE = 3_600
"""Seconds after which a run that takes no CPU counts as one that does not end."""

NO_END = "no end after"
"""How a run that does not end is named, where others name the tests that failed."""


class Bug(NamedTuple):
    """One thing to break: a piece of a file and what takes its place, and the tests that should notice.

    `only` is an expression for pytest's `-k`: which of the tests are run.
    """

    name: str
    file: str
    before: str
    after: str
    tests: tuple[str, ...] = (GOLDENS, LAWS)
    only: str = ""


BUGS = (
    Bug(
        "order-of-evidence",
        "scrubber/gather.py",
        "            gathered.extend(found)\n",
        "            gathered = list({*gathered, *found})\n",
        (LAWS,),
        "processes or threads",
    ),
    Bug(
        "lost-span",
        "scrubber/segment/text.py",
        "numbers = [number for number, text in enumerate(texts) if text]",
        "numbers = [number for number, text in enumerate(texts) if len(text) > 1]",
        (LAWS,),
        "any_text",
    ),
    Bug(
        "overlapping-spans",
        "scrubber/segment/text.py",
        "start + len(row)) for row",
        "start + len(row) + 1) for row",
        (LAWS,),
        "any_text",
    ),
    Bug(
        "quadratic",
        "scrubber/document.py",
        "return each_once([text.casefold().strip(EDGES) for text in self.texts])",
        "import re; return [re.sub(r'\\w+\\0$', '', text.casefold()).strip(EDGES) for text in self.texts]",
        (LAWS,),
        "time_grows",
    ),
    Bug(
        "quadratic-loop",
        "scrubber/detectors/captions.py",
        "if texts[index] == texts[index + 1]]",
        "if not any(text == '' for text in texts[:index]) and texts[index] == texts[index + 1]]",
        ("tests/test_testing_kit.py", LAWS),
        "conform or linear or time_grows",
    ),
    Bug(
        "repair-not-idempotent",
        "scrubber/repair/__init__.py",
        "        if draft.text == before or not may_change(draft.text, options):\n",
        "        if before:\n",
        (LAWS, "tests/test_repair.py"),
        "idempotent or any_text or damaged or twice or layers",
    ),
    Bug(
        "dropped-repair-step",
        "scrubber/repair/steps.py",
        '    ("mojibake", mojibake),\n',
        "",
        (GOLDENS, "tests/test_damage.py", "tests/test_repair.py"),
    ),
    Bug(
        "unexplained-repair",
        "scrubber/repair/__init__.py",
        "settled(text, options)\n    return draft.text, draft.repairs(start)\n",
        "settled(text, options)\n    return draft.text, draft.repairs(start)[1:]\n",
        (LAWS,),
        "any_text",
    ),
    Bug(
        "labels-swapped",
        "scrubber/detectors/comment_forms.py",
        'yield Evidence(index, Label.COMMENT_FORM, CERTAIN, "form-fields", reason)',
        'yield Evidence(index, Label.NAVIGATION, CERTAIN, "form-fields", reason)',
        (GOLDENS,),
    ),
    Bug(
        "kept-for-dropped",
        "scrubber/detectors/comment_forms.py",
        'yield Evidence(index, Label.COMMENT_FORM, CERTAIN, "form-fields", reason)',
        'yield Evidence(index, Label.PARAGRAPH, CERTAIN, "form-fields", reason)',
        (GOLDENS, LAWS),
    ),
    Bug(
        "sites-below-detectors",
        "scrubber/decide.py",
        "        _obey(judgement, ruled)\n",
        "        _obey(judgement, [() if claim else rules for rules, claim in zip(ruled, claims, strict=True)])\n",
        (GOLDENS, "tests/test_decide.py"),
    ),
    Bug(
        "drop-over-keep",
        "scrubber/decide.py",
        "keeps = [one for one in claim if one.label in KEPT]\n",
        "keeps = [] if any(one.label not in KEPT for one in claim) else list(claim)\n",
        ("tests/test_decide.py", GOLDENS),
    ),
    Bug(
        "byte-order-mark-ignored",
        "scrubber/decode/__init__.py",
        "    if content.startswith(MARK_STARTS) and (marked := by_mark(content)):\n",
        "    if not content and (marked := by_mark(content)):\n",
        (GOLDENS, "tests/test_damage.py", "tests/test_decode.py"),
    ),
    Bug(
        "silent-brake",
        "scrubber/brake.py",
        "    if not kept:\n",
        "    if kept < 0:\n",
        (GOLDENS, "tests/test_pipeline.py"),
    ),
    Bug(
        "walls-stand",
        "scrubber/brake.py",
        "        if wall:\n",
        "        if not wall:\n",
        (GOLDENS, "tests/test_pipeline.py"),
    ),
    Bug(
        "phrases-as-prefixes",
        "scrubber/phrases/__init__.py",
        '        if place == "exact":\n            exact[phrase].add(kind)\n        elif place == "starts":\n',
        '        if place in {"exact", "starts"}:\n',
        (GOLDENS, "tests/test_detectors.py", LAWS),
    ),
    Bug(
        "offsets-off-by-one",
        "scrubber/judgement.py",
        "position -= length + (0 if breaks_word(row.rstrip()) else 1)\n",
        "position -= length\n",
        (GOLDENS, LAWS, "tests/test_decide.py", "tests/test_pipeline.py"),
    ),
    Bug(
        "always-unwrapping",
        "scrubber/segment/text.py",
        "    if is_wrapped(texts):\n",
        "    if is_wrapped(texts) or lines:\n",
        (GOLDENS, LAWS),
    ),
    Bug(
        "invented-text",
        "scrubber/compose.py",
        'return kept + "\\n" if kept else ""',
        'return kept.replace("-", "–") + "\\n" if kept else ""',
        (GOLDENS, LAWS),
    ),
    Bug(
        "memory-between-pages",
        "scrubber/detectors/repeated_lines.py",
        "    counts = document.counts.items()\n",
        "    counts = globals().setdefault('SEEN', document.counts.copy()).items()\n    SEEN.update(document.counts)\n",
        (LAWS,),
        "order_of_pages or threads or any_text",
    ),
    Bug(
        "crash-without-title",
        "scrubber/decide.py",
        "lead = find_lead(document, title, frozenset(taken)) if title is not None else None\n",
        "lead = find_lead(document, [index for index in taken if labels[index] is Label.TITLE][0], frozenset(taken))\n",
        (LAWS,),
        "any_text",
    ),
    Bug(
        "greedy-list",
        "scrubber/detectors/headline_lists.py",
        "            if document.closed[index] or index in headings:\n                break\n"
        '            yield Evidence(index, Label.HEADLINE_LIST, HINT, "related-lists"',
        "            if index in headings:\n                break\n"
        '            yield Evidence(index, Label.HEADLINE_LIST, STRONG, "related-lists"',
        (GOLDENS, LAWS),
    ),
)


class Copy:
    """A copy of the project that bugs are planted in."""

    def __init__(self, home: Path) -> None:
        """Copy what the tests need."""
        self.home = home
        copy_project(home)

    def failures(self, bug: Bug | None, tests: Sequence[str], known: Iterable[str] = ()) -> list[str]:
        """Return the names of the tests that fail, with a bug at most `SHOWN` of them."""
        command = [sys.executable, "-m", "pytest", "-q", "-rfE", "--tb=no"]
        command += ["-p", "no:randomly", "-p", "no:cacheprovider"]
        command += [f"--maxfail={SHOWN}", *(["-k", bug.only] if bug.only else [])] if bug else []
        command += [f"--deselect={name}" for name in known]
        environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(self.home), "COLUMNS": "1000"}
        try:
            done = subprocess.run(
                [*command, *tests],
                cwd=self.home,
                env=environment,
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                preexec_fn=_limit_time,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return [f"{NO_END} {PATIENCE} s"]
        failed = re.findall(r"^(?:FAILED|ERROR) (\S+?(?:\[.*?\])?)(?: - .*)?$", done.stdout, re.MULTILINE)
        if done.returncode in {-signal.SIGXCPU, -signal.SIGKILL}:
            return [f"{NO_END} {LIMIT} s of CPU"]
        if done.returncode not in {0, 1, 5} and not failed:
            raise RuntimeError(f"pytest: {done.stdout[-2_000:]}{done.stderr[-2_000:]}")
        return failed

    def failures_with(self, bug: Bug, known: Iterable[str]) -> list[str]:
        """Plant a bug, run its tests, and take it out again."""
        path = self.home / bug.file
        with changed(path, path.read_text(encoding="utf-8").replace(bug.before, bug.after)):
            return self.failures(bug, bug.tests, known)


def _limit_time() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (LIMIT, LIMIT))


def misfits(bugs: Iterable[Bug]) -> list[str]:
    """Return the bugs whose piece of source does not stand in its file exactly once."""
    return [bug.name for bug in bugs if (ROOT / bug.file).read_text(encoding="utf-8").count(bug.before) != 1]


def chosen(names: str) -> list[Bug]:
    """Return the bugs that are named, all of them for an empty text. Exits where a name is unknown."""
    wanted = [name for name in names.split(",") if name]
    unknown = sorted(set(wanted) - {bug.name for bug in BUGS})
    if unknown:
        sys.exit(f"no such bug: {', '.join(unknown)}. There are: {', '.join(bug.name for bug in BUGS)}")
    return [bug for bug in BUGS if not wanted or bug.name in wanted]


def who_caught(copy: Copy, bug: Bug) -> list[str]:
    """Return the tests that fail with a bug and hold without it."""
    known: set[str] = set()
    while failed := copy.failures_with(bug, known):
        broken = set(copy.failures(None, [name for name in failed if not name.startswith(NO_END)] or bug.tests))
        if caught := [name for name in failed if name not in broken]:
            return caught
        if broken <= known:
            return []
        known |= broken
    return []


def plant(copy: Copy, bugs: Sequence[Bug]) -> list[str]:
    """Plant bugs one by one, print who caught each, and return the names of those that survive."""
    survivors = []
    for bug in bugs:
        begin = time.monotonic()
        caught = who_caught(copy, bug)
        survivors += [] if caught else [bug.name]
        print(f"{bug.name} ({time.monotonic() - begin:.0f} s): {'caught by' if caught else 'SURVIVES'}", flush=True)
        print("".join(f"    {name.removeprefix('tests/')}\n" for name in caught), end="", flush=True)
    return survivors


def main() -> int:
    """Run, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", default="", metavar="NAMES", help="bugs to plant, separated by commas")
    bugs = chosen(parser.parse_args().only)
    if wrong := misfits(bugs):
        print(f"no longer in the source, or more than once: {', '.join(wrong)}. Mend them in {Path(__file__).name}.")
        return 2
    with tempfile.TemporaryDirectory(prefix="planted-bugs-") as home:
        survivors = plant(Copy(Path(home)), bugs)
    print(
        f"\n{len(bugs) - len(survivors)} of {len(bugs)} bugs caught" + (f"; {survivors} survive" if survivors else "")
    )
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
