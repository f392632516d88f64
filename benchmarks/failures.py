"""The worst pages, line by line, and which rules are to blame: where to work next.

    python benchmarks/failures.py [--set wcxb] [--type article] [--worst 20] [--way blocks]
    python benchmarks/failures.py --no-tagger              the rules alone
    python benchmarks/failures.py --worst 0                the totals only

Every page is cleaned by its held-out fold's tagger, as in `accuracy.py`. A line is wrongly dropped when
alignment gives most of it to the reference (`segments`: when it holds a wanted segment), wrongly kept when
it is kept though it is not the reference's (`segments`: though it holds an unwanted one). The last tables say
what each rule costs: its words wrongly dropped and kept, and the points of mean F1 that its share of the wrong
words on each page stands for.
"""

from __future__ import annotations

import argparse
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import NamedTuple

from _data import FOLDS, SETS, Cleaned, NoFolds, TuningPage, article_lines, explain_no_folds
from _scoring import Run, make_cleaners, run, segment_scores
from _tables import plain, say, table

from scrubber.judgement import PLACE_RULE, TAGGER_RULE
from scrubber.model import BLANK, Decision, Evidence, Label
from scrubber.tagger.train import align, scores
from scrubber.tagger.train.flatten import WAYS

SHOWN = 8
"""Lines of each kind that are shown of a page, those with most words."""

PROSE_WORDS = 12
"""Words from which a line counts as prose in the table of kinds."""

WIDTH = 110
"""Characters that are shown of a line."""

REASONS = 20
"""Rows of the table of reasons."""

ELSEWHERE = "(on no such line)"
"""Words that no wrong line accounts for: parts of lines, and words of a reference that the page does not show."""


class Wrong(NamedTuple):
    """One line on the wrong side: how many words, which rule weighed most on that side, and who agreed."""

    kept: bool
    words: int
    rule: str
    reason: str
    label: str
    confidence: float
    text: str
    decided: str
    kind: str


class Judged(NamedTuple):
    """A page with its score and its wrong lines."""

    page: TuningPage
    f1: float
    lost: int
    surplus: int
    flags: tuple[str, ...]
    wrong: list[Wrong]


def main() -> int:
    """List the worst pages and add up what went wrong."""
    options = read_arguments()
    try:
        cleaners = make_cleaners(None if options.no_tagger else options.folds)
    except NoFolds as error:
        explain_no_folds(error)
    name = next(iter(cleaners))
    done = run(options.set, options.way, {name: cleaners[name]}, sample=options.sample, peers=())
    judged = [one for one in judge(done, name) if options.type in (None, one.page.group)]
    if not judged:
        say(f"no page of type {options.type} in {options.set}; there are {', '.join(done.groups(group_of))}")
        return 2
    judged.sort(key=lambda one: (one.f1, one.page.key))
    print(f"# {name}: {options.set}-tune, flattened by `{options.way}`\n")
    for one in judged[: options.worst]:
        print("\n".join(describe(one)) + "\n")
    print("\n\n".join(totals(judged)))
    return 0


def read_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", choices=SETS, default="wcxb", help="tuning set (default %(default)s)")
    parser.add_argument("--type", help="page type, country or language")
    parser.add_argument("--worst", type=int, default=20, metavar="N", help="pages shown (default %(default)s)")
    parser.add_argument("--way", choices=tuple(WAYS), default="blocks", help="way of flattening (default %(default)s)")
    parser.add_argument("--sample", type=int, metavar="N", help="pages of the set (default all)")
    parser.add_argument("--folds", type=Path, default=FOLDS, metavar="DIR", help="weights of the folds (%(default)s)")
    parser.add_argument("--no-tagger", action="store_true", help="judge the rules alone")
    return parser.parse_args()


def group_of(page: TuningPage) -> str:
    """Return what a page's set is broken down by."""
    return page.group


def judge(done: Run, name: str) -> Iterator[Judged]:
    """Yield each page with its score and its wrong lines."""
    for one, lines in zip(done.cleaned[name], wanted_lines(done), strict=True):
        wrong = list(wrong_lines(one, lines))
        lost, surplus = words_off(one)
        yield Judged(one.page, page_f1(one), lost, surplus, one.result.flags, wrong)


def wanted_lines(done: Run) -> Sequence[Sequence[bool | None]]:
    """Return for each line of each page whether it should be kept, None where nobody said."""
    return marked_lines(done) if done.data == "segments" else article_lines(done.pages, done.way, done.lines)


def marked_lines(done: Run) -> list[list[bool | None]]:
    """Return for each line whether it holds a wanted segment, an unwanted one (False), or none (None)."""
    return [[mark(line, page) for line in lines] for page, lines in zip(done.pages, done.lines, strict=True)]


def mark(line: str, page: TuningPage) -> bool | None:
    """Return whether a line holds a wanted segment of its page, an unwanted one, or none."""
    if any(scores.occur(line, page.wanted)):
        return True
    return False if any(scores.occur(line, page.unwanted)) else None


def page_f1(one: Cleaned) -> float:
    """Return the page's score by its set's own definition."""
    text, page = one.result.text, one.page
    if page.reference is None:
        return segment_scores([page], [text])["f1"].value
    return scores.word_f1(text, page.reference, unspaced=page.data == "news")


def words_off(one: Cleaned) -> tuple[int, int]:
    """Return how many words of the reference are missing, and how many others are there; 0 without a reference."""
    if one.page.reference is None:
        return 0, 0
    given, wanted = (Counter(align.tokens(text)) for text in (one.result.text, one.page.reference))
    return (wanted - given).total(), (given - wanted).total()


def wrong_lines(one: Cleaned, wanted: Sequence[bool | None]) -> Iterator[Wrong]:
    """Yield the stretches whose side is not the one that most of their line belongs on."""
    starts, lines = line_starts(one.source), one.source.split("\n")
    for decision in one.result.lines:
        line = bisect_right(starts, decision.start) - 1
        right = wanted[line] if decision.label != BLANK and line < len(wanted) else None
        if right is not None and right != decision.kept:
            yield blame(decision, kind_of(line, lines, wanted))


def line_starts(source: str) -> list[int]:
    """Return where in the source each line starts.

    >>> line_starts("one\\ntwo")
    [0, 4]
    """
    return [0, *accumulate(len(line) + 1 for line in source.split("\n")[:-1])]


def blame(decision: Decision, kind: str) -> Wrong:
    """Return a wrong decision with what weighed most for it, among what counts."""
    winner = next(iter(counted(decision, decision.evidence)), None)
    rule, reason = (winner.rule, winner.reason) if winner else ("nothing", "no evidence on that side")
    text = decision.text
    words = len(align.tokens(text))
    length = "prose" if words >= PROSE_WORDS else "short"
    kind = f"{kind}, {length}"
    return Wrong(decision.kept, words, rule, reason, decision.label, decision.confidence, text, who(decision), kind)


def kind_of(line: int, lines: Sequence[str], wanted: Sequence[bool | None]) -> str:
    """Return where a wrong line stands: in the article, and so lost, or where around it what was kept comes from."""
    if wanted[line]:
        return "lost"
    right = [number for number, one in enumerate(wanted) if one]
    if not right:
        return "kept on a page without an article"
    if lines.index(lines[line]) < line:
        return "kept, a copy of a line above"
    if line < right[0]:
        return "kept before the article"
    return "kept after the article" if line > right[-1] else "kept inside the article"


def counted(decision: Decision, said: Sequence[Evidence]) -> list[Evidence]:
    """Return the evidence that counts: a line's place and shape do not where the tagger is heard."""
    heard = any(one.rule == TAGGER_RULE for one in (*decision.evidence, *decision.overruled))
    return [one for one in said if not (heard and one.rule == PLACE_RULE and one.label != Label.STANDFIRST)]


def who(decision: Decision) -> str:
    """Return whether rules and tagger agreed on a decision; the rules' word is the sum of what they said."""
    won, lost = (counted(decision, said) for said in (decision.evidence, decision.overruled))
    tagger = [one.rule == TAGGER_RULE for one in won], [one.rule == TAGGER_RULE for one in lost]
    if not any(tagger[0]) and not any(tagger[1]):
        return "the rules, no tagger"
    if any(tagger[1]):
        return "the rules, against the tagger"
    if len(won) + len(lost) == 1:
        return "the tagger alone"
    rules = sum(one.weight for one in won if one.rule != TAGGER_RULE) - sum(one.weight for one in lost)
    return "rules and tagger" if rules >= 0 else "the tagger, against the rules"


def describe(one: Judged) -> Iterator[str]:
    """Yield what there is to say of a bad page."""
    flags = f", flags {', '.join(one.flags)}" if one.flags else ""
    yield f"## F1 {one.f1:.3f}, {one.page.group}, {one.page.data} {one.page.key}{flags}"
    yield f"{one.page.url}\n"
    yield f"{one.lost} words of the reference lost, {one.surplus} others kept."
    for kept, title in ((False, "wrongly dropped"), (True, "wrongly kept")):
        lines = sorted((wrong for wrong in one.wrong if wrong.kept == kept), key=lambda wrong: -wrong.words)
        if lines:
            words = sum(wrong.words for wrong in lines)
            yield f"\n{title}: {len(lines)} lines, {words} words" + (
                f"; the longest {SHOWN}:" if len(lines) > SHOWN else ":"
            )
        yield from map(show, lines[:SHOWN])


def show(wrong: Wrong) -> str:
    """Return a wrong line as one row."""
    text = wrong.text if len(wrong.text) <= WIDTH else wrong.text[: WIDTH - 1] + "…"
    return f"- {wrong.words:4} words, {wrong.label} {wrong.confidence:.2f}, {wrong.rule}: {wrong.reason} | {text}"


def totals(judged: Sequence[Judged]) -> Iterator[str]:
    """Yield the tables of what each rule and each reason cost."""
    lost, surplus = sum(one.lost for one in judged), sum(one.surplus for one in judged)
    mean = sum(one.f1 for one in judged) / len(judged)
    yield f"## All {len(judged)} pages\n\nMean F1 {mean:.3f}; {lost:,} words lost, {surplus:,} words wrongly kept."
    yield cost_table(judged, "kind", attrgetter("kind"), None)
    yield cost_table(judged, "decided by", attrgetter("decided"), None)
    yield cost_table(judged, "rule and label", lambda wrong: f"{wrong.rule}: {wrong.label}", None)
    yield cost_table(judged, "rule and reason", lambda wrong: f"{wrong.rule}: {plain(wrong.reason)}", REASONS)


def cost_table(judged: Sequence[Judged], what: str, name: Callable[[Wrong], str], most: int | None) -> str:
    """Return what each kind of wrong line costs, the dearest first."""
    dropped: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    pages: Counter[str] = Counter()
    points: dict[str, float] = defaultdict(float)
    for one in judged:
        on_lines = sum(wrong.words for wrong in one.wrong)
        whole = max(on_lines, one.lost + one.surplus, 1)
        price = (1 - one.f1) / whole / len(judged) * 100
        pages.update({name(wrong) for wrong in one.wrong})
        for wrong in one.wrong:
            (kept if wrong.kept else dropped)[name(wrong)] += wrong.words
            points[name(wrong)] += wrong.words * price
        if whole > on_lines:
            pages[ELSEWHERE] += 1
            points[ELSEWHERE] += (whole - on_lines) * price
    rows = [
        (key, pages[key], f"{dropped[key]:,}", f"{kept[key]:,}", f"{cost:.2f}")
        for key, cost in sorted(points.items(), key=itemgetter(1), reverse=True)[:most]
    ]
    return table([what, "pages", "words wrongly dropped", "words wrongly kept", "points of F1"], rows)


if __name__ == "__main__":
    raise SystemExit(main())
