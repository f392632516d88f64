"""How much of the article is right: scrubber, cross-validated by host, beside its peers on the same pages.

    python benchmarks/accuracy.py --input text                        all pages, two ways of flattening
    python benchmarks/accuracy.py --input html                        the same pages as they came
    python benchmarks/accuracy.py --input text --sample 100           a quick look
    python benchmarks/accuracy.py --input text --no-tagger            before there are fold weights

A page is cleaned by the tagger of its host's fold, which saw no page of that host, without site plugins,
URL or title. Scores are those of the sets' owners (`scrubber/tagger/train/scores.py`). Writes
`benchmarks/out/accuracy-text.md` (or `-html.md`) and plots beside it; the same Markdown goes to stdout.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from _calibration import BOUNDS, EXPECTED, auc_table, given, kind_table, reliability_table, signals
from _data import FOLDS, OUT, SETS, Cleaned, NoFolds, TuningPage, cached, explain_no_folds, flatten_version
from _floors import below
from _peers import FAILURES, HTML_PEERS, PEERS, installed
from _plots import plot_f1, plot_reliability
from _scoring import BAD, CEILING, HTML, RULES, WHOLE, Run, make_cleaners, run
from _stats import RESAMPLES, SEED, Ratio, label_f1, mean_of, paired, reliability
from _tables import percent, say, table

from scrubber.model import KEPT
from scrubber.tagger.train import align
from scrubber.tagger.train.flatten import HELD_OUT, WAYS

PLAIN = "blocks"
LEAST = 10
"""Pages from which a language or country has a row of its own."""

Stability = dict[str, Ratio]
"""For each of scrubber's rows, the share of pages that cleaning a second time leaves alone."""

NEWS_LABELS = ("standfirst", "subheading", "paragraph")


def main() -> int:
    """Measure, print and write the report."""
    options = read_arguments()
    folds = None if options.no_tagger else options.folds
    try:
        cleaners = make_cleaners(folds)
    except NoFolds as error:
        explain_no_folds(error)
    peers = [] if options.no_peers else installed(HTML_PEERS if options.input == HTML else PEERS)
    ways = [HTML] if options.input == HTML else [way for way in options.flatten.split(",") if way]
    runs = {
        (data, way): run(data, way, cleaners, sample=options.sample, peers=peers)
        for data in options.sets.split(",")
        for way in ways
    }
    stability = {key: stable_shares(done) for key, done in runs.items()}
    report = "\n\n".join(sections(runs, ways, stability))
    path = OUT / f"accuracy-{options.input}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(report + "\n", encoding="utf-8")
    print(report)
    say(f"written to {path}")
    return 0 if options.sample or options.no_tagger else check_floors(runs, stability)


def check_floors(runs: dict[tuple[str, str], Run], stability: dict[tuple[str, str], Stability]) -> int:
    """Compare a full run with the floors; return the exit code, 1 where a figure has fallen."""
    figures = {
        ", ".join(key): {"f1": done.scores[WHOLE]["f1"].value, "stable": stability[key][WHOLE].value}
        for key, done in runs.items()
        if key[1] in (PLAIN, HELD_OUT, HTML)
    }
    fallen = list(below(figures))
    for line in fallen:
        say(f"below its floor: {line}")
    return 1 if fallen else 0


def read_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--input", choices=("text", HTML), required=True, help="what the pages are given as")
    parser.add_argument("--sample", type=int, metavar="N", help="pages of each set (default all)")
    parser.add_argument("--folds", type=Path, default=FOLDS, metavar="DIR", help="weights of the folds (%(default)s)")
    parser.add_argument("--flatten", default=f"{PLAIN},{HELD_OUT}", help="ways of flattening (default %(default)s)")
    parser.add_argument("--sets", default=",".join(SETS), help="tuning sets (default %(default)s)")
    parser.add_argument("--no-tagger", action="store_true", help="measure the rules alone")
    parser.add_argument("--no-peers", action="store_true", help="measure scrubber alone")
    options = parser.parse_args()
    for name, known in ((options.flatten, WAYS), (options.sets, SETS)):
        if unknown := [part for part in name.split(",") if part not in known]:
            parser.error(f"no such way or set: {', '.join(unknown)}; there are {', '.join(known)}")
    return options


def sections(
    runs: dict[tuple[str, str], Run], ways: Sequence[str], stability: dict[tuple[str, str], Stability]
) -> Iterator[str]:
    """Yield the report, section by section."""
    yield preamble(runs, ways)
    tell = {"wcxb": wcxb_section, "news": news_section, "segments": segments_section}
    for (data, way), done in runs.items():
        yield f"## {data}-tune, {describe(way)} ({len(done.pages)} pages)"
        yield from tell[data](done)
    yield from picture(runs, ways)
    yield from flattening_section(runs, ways)
    yield from stability_section(stability)
    yield from calibration_section(runs, ways[0])
    if broken := {name: count for name, count in FAILURES.items() if count}:
        yield "Pages on which a peer raised, counted as empty: " + ", ".join(f"{k} {v}" for k, v in broken.items())


def preamble(runs: dict[tuple[str, str], Run], ways: Sequence[str]) -> str:
    """Say what was measured and how."""
    intervals = (
        f"Intervals are 95 % of {RESAMPLES:,} paired bootstrap resamples of the pages (seed {SEED}): "
        "scrubber minus the row. "
    )
    if ways == [HTML]:
        return f"# Accuracy on HTML\n\nCross-validated by host; no site plugins, no URL, no title. {intervals}"
    seen = [way for way in ways if way != HELD_OUT]
    return (
        "# Accuracy on flattened text\n\n"
        f"Cross-validated by host; no site plugins, no URL, no title. Flattened by {', '.join(ways)}"
        + (f"; `{HELD_OUT}` is no way of training. " if len(seen) < len(ways) else ". ")
        + intervals
        + f"`{CEILING}` keeps the lines that alignment with the reference gives to the article."
    )


def describe(way: str) -> str:
    """Say how the pages were given."""
    return "as HTML" if way == HTML else f"flattened by `{way}`"


def ours(done: Run) -> str:
    """Return the row of scrubber that others are compared to: the whole pipeline, or the rules where it is alone."""
    return WHOLE if WHOLE in done.texts else RULES


def difference(done: Run, name: str, metric: str = "f1", chosen: np.ndarray | None = None) -> str:
    """Return the interval of scrubber minus a row on a metric, over all pages or some."""
    if name == ours(done):
        return "-"
    first, second = (done.scores[row][metric] for row in (ours(done), name))
    return str(paired(first, second) if chosen is None else paired(first.at(chosen), second.at(chosen)))


def wcxb_section(done: Run) -> Iterator[str]:
    """Yield the tables on web pages of seven kinds: all, articles, and F1 by kind."""
    articles = np.array([page.group == "article" for page in done.pages])
    yield table(
        ["", "word F1", "scrubber minus it", "sd", f"F1 < {BAD}", "exact", "with", "without"],
        [
            (
                name,
                scores["f1"].value,
                difference(done, name),
                float(scores["f1"].part.std()),
                percent(scores["bad"].value),
                percent(scores["exact"].value),
                percent(scores["with"].value),
                percent(scores["without"].value),
            )
            for name, scores in done.scores.items()
        ],
    )
    if articles.any():
        yield f"Articles ({int(articles.sum())} pages). Words kept: of all words of the references, and page by page."
        yield article_table(done, articles)
    yield group_table(done, done.groups(lambda page: page.group))


def article_table(done: Run, articles: np.ndarray) -> str:
    """Return the scores on the pages that are articles."""
    rows = [
        (
            name,
            scores["f1"].at(articles).value,
            difference(done, name, "f1", articles),
            percent(scores["words kept"].at(articles).value),
            percent(scores["recall"].at(articles).value),
            percent(scores["bad"].at(articles).value),
            percent(scores["exact"].at(articles).value),
        )
        for name, scores in done.scores.items()
    ]
    header = ["articles", "word F1", "scrubber minus it", "words kept", "by page", f"F1 < {BAD}", "exact"]
    return table(header, rows)


def group_table(done: Run, groups: dict[str, np.ndarray]) -> str:
    """Return F1 by group of pages."""
    header = ["F1", *(f"{name} ({int(chosen.sum())})" for name, chosen in groups.items())]
    rows = [
        (name, *(scores["f1"].at(chosen).value for chosen in groups.values())) for name, scores in done.scores.items()
    ]
    return table(header, rows)


def news_section(done: Run) -> Iterator[str]:
    """Yield the tables on news of many countries: all, by country, by declared language, and labels."""
    yield r"Each kana and han counts as a word; the last column has plain `\w+`."
    yield table(
        ["", "word F1", "scrubber minus it", "sd", f"F1 < {BAD}", r"F1 of `\w+`"],
        [
            (
                name,
                scores["f1"].value,
                difference(done, name),
                float(scores["f1"].part.std()),
                percent(scores["bad"].value),
                scores["plain"].value,
            )
            for name, scores in done.scores.items()
        ],
    )
    yield f"By declared language, {LEAST} pages or more:"
    yield group_table(done, done.groups(lambda page: page.language or "undeclared", LEAST))
    yield "By country folder:"
    yield country_table(done)
    yield label_table(done)


def country_table(done: Run) -> str:
    """Return F1 by country folder, a row a country, for scrubber and the peers that read HTML."""
    shown = [name for name in done.scores if name in (WHOLE, RULES, CEILING) or "HTML" in name]
    rows = [
        (name, int(chosen.sum()), *(done.scores[row]["f1"].at(chosen).value for row in shown))
        for name, chosen in done.groups(lambda page: page.group).items()
    ]
    return table(["country", "pages", *shown], rows)


def segments_section(done: Run) -> Iterator[str]:
    """Yield the tables on segments: all, and by declared language."""
    rows = [
        (name, s["f1"].value, difference(done, name), percent(s["found"].value), percent(s["wrong"].value))
        for name, s in done.scores.items()
    ]
    yield table(["", "segment F1", "scrubber minus it", "wanted found", "unwanted found"], rows)
    yield group_table(done, done.groups(lambda page: page.group, LEAST))


def label_table(done: Run) -> str:
    """Return the F1 of each label of the news' blocks, by line, and their mean."""
    wanted = block_labels(done)
    rows = []
    for name, cleaned in done.cleaned.items():
        given = [line_labels(one) for one in cleaned]
        pairs = [pair for page in zip(wanted, given, strict=True) for pair in zip(*page, strict=True)]
        found = [label_f1(pairs, label) for label in NEWS_LABELS]
        rows.append((name, *found, float(np.nanmean(found))))
    note = (
        "Labels of lines against the blocks' labels: a line outside every block should have none; any other kept label "
        "counts as paragraph, for the reference has these three.\n\n"
    )
    return note + table(["label F1", *NEWS_LABELS, "macro F1"], rows)


def block_labels(done: Run) -> list[list[str | None]]:
    """Return for each line of each page the label of its block, None outside the article."""
    of = dict(zip([page.key for page in done.pages], done.lines, strict=True))

    def make(page: TuningPage) -> list[str | None]:
        lines = of[page.key]
        named = align.block_labels(lines, page.blocks, page.labels)
        kept = align.shares(lines, page.reference or "")
        return [name if share > align.HALF else None for name, share in zip(named, kept, strict=True)]

    version = flatten_version() + Path(align.__file__).read_text(encoding="utf-8")
    if done.way == HTML:
        return [make(page) for page in done.pages]
    found: list[list[str | None]] = cached(f"labels-{done.way}", version, done.pages, make)
    return found


def line_labels(one: Cleaned) -> list[str | None]:
    """Return the label of each line of the source as the news set names labels, None for a dropped line."""
    starts = np.cumsum([0, *(len(line) + 1 for line in one.source.split("\n"))])
    labels: list[str | None] = [None] * (len(starts) - 1)
    for decision in one.result.lines:
        if decision.label not in KEPT or not decision.kept:
            continue
        first, last = np.searchsorted(starts, [decision.start, decision.end - 1], side="right") - 1
        name = str(decision.label) if decision.label in NEWS_LABELS else "paragraph"
        labels[first : last + 1] = [name] * (last + 1 - first)
    return labels


def picture(runs: dict[tuple[str, str], Run], ways: Sequence[str]) -> Iterator[str]:
    """Draw word F1 on `wcxb-tune` by system: all pages and articles, for each way of flattening."""
    some = {way: runs["wcxb", way] for way in ways if ("wcxb", way) in runs}
    if not some:
        return
    rows: dict[str, dict[str, float]] = {}
    for way, done in some.items():
        articles = np.array([page.group == "article" for page in done.pages])
        for name, scores in done.scores.items():
            found = rows.setdefault(name.split(" (")[0] or name, {})
            found[f"{way}, all"] = scores["f1"].value
            found[f"{way}, articles"] = scores["f1"].at(articles).value
    kind = "html" if HTML in some else "text"
    path = OUT / f"accuracy-{kind}.png"
    plot_f1(rows, "wcxb-tune, HTML" if HTML in some else "wcxb-tune, flattened text", path)
    yield f"![Word F1 on wcxb-tune]({path.name})"


def flattening_section(runs: dict[tuple[str, str], Run], ways: Sequence[str]) -> Iterator[str]:
    """Yield what each other way of flattening costs against the first, by system and set."""
    for way in ways[1:]:
        yield f"## What `{way}` costs against `{ways[0]}`"
        rows = []
        for data in dict.fromkeys(data for data, _ in runs):
            plain, other = runs[data, ways[0]], runs[data, way]
            for name in plain.scores:
                first, second = other.scores[name]["f1"], plain.scores[name]["f1"]
                rows.append((data, name, second.value, first.value, str(paired(first, second))))
        yield table(["set", "", f"F1, {ways[0]}", f"F1, {way}", "difference"], rows)


def stable_shares(done: Run) -> Stability:
    """Return for each of scrubber's rows the share of pages that cleaning a second time leaves alone."""
    return {name: stable(cleaned) for name, cleaned in done.cleaned.items()}


def stability_section(stability: dict[tuple[str, str], Stability]) -> Iterator[str]:
    """Yield the share of pages that cleaning a second time leaves alone."""
    rows = [
        (data, describe(way), name, percent(again.value), int((again.whole - again.part).sum()))
        for (data, way), shares in stability.items()
        for name, again in shares.items()
    ]
    yield "## Cleaning twice changes nothing"
    yield table(["set", "given", "", "pages", "pages that change"], rows)


def stable(cleaned: Sequence[Cleaned]) -> Ratio:
    """Return the share of pages whose text stays as it is when its own cleaner cleans it again."""
    return mean_of([one.cleaner.clean(one.result.text).text == one.result.text for one in cleaned])


def calibration_section(runs: dict[tuple[str, str], Run], way: str) -> Iterator[str]:
    """Yield what scrubber says of its answers against how good they are, on the sets with whole references."""
    some = [done for (data, other), done in runs.items() if other == way and data != "segments" and WHOLE in done.texts]
    cleaned = [one for done in some for one in done.cleaned[WHOLE]]
    if not cleaned:
        return
    f1 = [float(value) for done in some for value in done.scores[WHOLE]["f1"].part]
    found = signals(cleaned)
    yield f"## How far the page's own score can be trusted ({len(cleaned)} pages, {describe(way)})"
    yield f"AUC: the chance that a page with F1 under {' or '.join(map(str, BOUNDS))} has less of the signal."
    yield auc_table(found, f1)
    names = [name for name in (EXPECTED, "quality.confidence") if name in found]
    shown = {name: reliability(*given(found[name], f1)) for name in names}
    for name, bins in shown.items():
        yield f"`{name}`:\n\n{reliability_table(bins)}"
    yield kind_table(cleaned, found[EXPECTED], f1)
    path = OUT / "reliability.png"
    plot_reliability(shown, path)
    yield f"![Reliability]({path.name})"


if __name__ == "__main__":
    raise SystemExit(main())
