"""The account of one page: every line, what became of it, and who said so.

Two layouts of the same facts: `plain_account`, one row a stretch, for grep and logs; `terminal_account`,
coloured and cut to the width, for reading. Every text that came from the page is made safe on the way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING

from scrubber.model import BLANK, FIELDS, PRECEDENCE, Decision, Evidence, Repair, Result, SecondOpinion
from scrubber.report.flags import PLUGIN_FAILED, explain_flag
from scrubber.report.lines import LINE_END, line_numbers
from scrubber.report.safe import safe_row
from scrubber.report.terminal import make_console

if TYPE_CHECKING:
    from rich.text import Text


SHOWN_CHARACTERS = 500
"""Characters of a line that are looked at for a row of a terminal; no terminal has so many columns."""

SAMPLE_CHARACTERS = 20
"""Characters of a repair that the summary shows."""

INDENT = (0, 0, 0, 8)
"""Rows and columns around a reason on a terminal: it stands under the verdict of its line."""

COLOURS = {"kept": "green", "field": "cyan", "dropped": "red"}


@dataclass(frozen=True, slots=True)
class Account:
    """All that the account of a page is written from.

    Attributes:
        name: what the page is called.
        source: the decoded page.
        encoding: how it was decoded, with the reason.
        result: what came of it.
        sites: the names of all sites that were loaded.
        detectors: the names of all detectors that were asked.
    """

    name: str
    source: str
    encoding: str
    result: Result
    sites: Sequence[str]
    detectors: Sequence[str]


@dataclass(frozen=True, slots=True)
class Row:
    """One stretch of the page: its line as an editor counts, and what became of it."""

    number: str
    verdict: str
    decision: Decision
    contested: str = ""

    @property
    def reasons(self) -> str:
        """Who spoke for the decision, strongest first."""
        return _voices(self.decision.evidence) or "nothing speaks against it"

    @property
    def overruled(self) -> str:
        """Who spoke against it; "" where nobody did."""
        return _voices(self.decision.overruled)


def verdict(decision: Decision) -> str:
    """Return `kept` (in the text), `field` (told apart as title, byline, caption or source) or `dropped`."""
    if decision.kept:
        return "kept"
    return "field" if decision.label in FIELDS else "dropped"


def plain_account(account: Account, shown: Iterable[str]) -> str:
    """Return the account without colours, one row a stretch; `shown` are the verdicts to list."""
    facts = [f"# {name:<10}  {fact}" for name, fact in _facts(account)]
    rows = [_plain_row(row) for row in _rows(account, frozenset(shown))]
    return "\n".join([*facts, *rows]) + "\n"


def _plain_row(row: Row) -> str:
    decision = row.decision
    against = f" (overruled {row.overruled})" if row.overruled else ""
    against += f" ({row.contested})" if row.contested else ""
    head = f"{row.number:>6}  {row.verdict:<7}  {decision.label:<15}  {decision.confidence:>4.0%}"
    return f"{head}  {row.reasons}{against} | {safe_row(decision.text)}"


def terminal_account(account: Account, shown: Iterable[str], *, width: int, colour: bool) -> str:
    """Return the account for a terminal of so many columns, with escape sequences if `colour` is set."""
    from rich.padding import Padding  # noqa: PLC0415 - slow to import, see make_console
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    page = StringIO()
    console = make_console(page, width=width, colour=colour)
    facts = Table.grid("", "", padding=(0, 2))
    for name, fact in _facts(account):
        facts.add_row(Text(name, style="bold"), Text(fact))
    console.print(facts)
    console.print()
    for row in _rows(account, frozenset(shown)):
        console.print(_terminal_row(row, width))
        console.print(Padding(Text(row.reasons, style="dim"), INDENT, expand=False))
        if row.overruled:
            console.print(Padding(Text(f"overruled: {row.overruled}", style="yellow"), INDENT, expand=False))
        if row.contested:
            console.print(Padding(Text(row.contested, style="magenta"), INDENT, expand=False))
    return page.getvalue()


def _terminal_row(row: Row, width: int) -> Text:
    from rich.text import Text  # noqa: PLC0415 - see terminal_account

    decision = row.decision
    head = f"{row.verdict:<7} {decision.label:<15}"
    colour = COLOURS[row.verdict]
    tail = f" {decision.confidence:>4.0%}  {safe_row(decision.text[:SHOWN_CHARACTERS])}"
    line = Text.assemble((f"{row.number:>6}  ", "dim"), (head, colour), tail)
    line.truncate(width, overflow="ellipsis")
    return line


def _voices(evidence: Iterable[Evidence]) -> str:
    return "; ".join(safe_row(f"{one.rule} +{one.weight:.1f}: {one.reason}") for one in evidence)


def _rows(account: Account, shown: frozenset[str]) -> Iterator[Row]:
    """Yield the rows of the listed verdicts; stretches of one line are numbered 7.1, 7.2 ..."""
    decisions = [decision for decision in account.result.lines if decision.label != BLANK]
    numbers = line_numbers(account.source, decisions)
    stretches = Counter(numbers)
    seen: Counter[int] = Counter()
    contest = _contest(account.result.second_opinion)
    for number, decision in zip(numbers, decisions, strict=True):
        seen[number] += 1
        name = f"{number}.{seen[number]}" if stretches[number] > 1 else str(number)
        row = Row(name, verdict(decision), decision, contest(decision))
        if row.verdict in shown:
            yield row


def _contest(second: SecondOpinion | None) -> Callable[[Decision], str]:
    """Return what tells of a stretch where the second opinion differs: "" where it does not, or there is none."""
    if second is None:
        return lambda decision: ""
    by, found = second.by, squashed(second.text)

    def contested(decision: Decision) -> str:
        line = squashed(decision.text)
        if not line or decision.label in FIELDS or (line in found) == decision.kept:
            return ""
        return f"{by} leaves it out" if decision.kept else f"{by} keeps it"

    return contested


def squashed(text: str) -> str:
    """Return the letters and figures of a text alone, whatever their case: extractors differ in all else."""
    return "".join(filter(str.isalnum, text.casefold()))


# --- the head of the account ----------------------------------------------------------------------


def _facts(account: Account) -> list[tuple[str, str]]:
    result = account.result
    facts = [
        ("page", account.name),
        ("encoding", account.encoding),
        ("precedence", PRECEDENCE),
        *_site_facts(account),
        *_rule_facts(account),
        *(("repaired", fact) for fact in _repair_facts(account)),
        *(("flag", explain_flag(flag)) for flag in result.flags),
        ("result", _summary(result)),
    ]
    return [(name, safe_row(fact)) for name, fact in facts]


def _site_facts(account: Account) -> Iterator[tuple[str, str]]:
    matched = dict(account.result.sites)
    failed = _failed(account.result)
    counts = Counter(one.rule.partition("/")[0] for one in _all_evidence(account.result))
    for site, reason in matched.items():
        if site in failed:
            outcome = "it failed and was skipped"
        else:
            outcome = f"it spoke of {_lines(counts[site])}" if counts[site] else "it had nothing to say"
        yield "site", f"{site}: {reason}; {outcome}"
    if not matched:
        others = f"none of the {len(account.sites)} that are loaded" if account.sites else "none is loaded"
        yield "site", others


def _rule_facts(account: Account) -> Iterator[tuple[str, str]]:
    """Tell which rules spoke and won, which were overruled and by whom, and which detectors had nothing to say."""
    lines = account.result.lines
    fired = Counter(one.rule for decision in lines for one in decision.evidence)
    if fired:
        yield "fired", ", ".join(f"{rule} ({_lines(count)})" for rule, count in fired.most_common())
    lost: dict[str, list[Decision]] = {}
    for decision in lines:
        for rule in dict.fromkeys(one.rule for one in decision.overruled):
            lost.setdefault(rule, []).append(decision)
    for rule, decisions in lost.items():
        winners = dict.fromkeys(decision.evidence[0].rule for decision in decisions if decision.evidence)
        yield "overruled", f"{rule} ({_lines(len(decisions))}) by {', '.join(winners) or 'the rest of the evidence'}"
    failed = _failed(account.result)
    silent = [name for name in account.detectors if name not in fired and name not in lost and name not in failed]
    if silent:
        yield "silent", ", ".join(silent)


def _repair_facts(account: Account) -> Iterator[str]:
    firsts: dict[str, Repair] = {}
    for repair in account.result.repairs:
        firsts.setdefault(repair.step, repair)
    counts = Counter(repair.step for repair in account.result.repairs)
    for step, count in counts.most_common():
        first = firsts[step]
        number = len(LINE_END.findall(account.source, 0, first.start)) + 1
        yield f"{step} ({_times(count)}), first on line {number}: {_sample(first.before)} -> {_sample(first.after)}"


def _summary(result: Result) -> str:
    lines = [decision for decision in result.lines if decision.label != BLANK]
    counts = Counter(map(verdict, lines))
    share, sure = result.quality.kept_share, result.quality.confidence
    parts = f"{counts['kept']} kept, {counts['field']} told apart as fields, {counts['dropped']} dropped"
    second = result.second_opinion
    agreed = f"; {second.by} agrees by {second.agreement:.0%}" if second else ""
    return f"{parts}; {share:.0%} of the characters kept; confidence {sure:.2f}{agreed}"


def _all_evidence(result: Result) -> Iterator[Evidence]:
    for decision in result.lines:
        yield from decision.evidence
        yield from decision.overruled


def _failed(result: Result) -> frozenset[str]:
    flags = (flag.split(":") for flag in result.flags)
    return frozenset(parts[1] for parts in flags if parts[0] == PLUGIN_FAILED)


def _sample(text: str) -> str:
    cut = text if len(text) <= SAMPLE_CHARACTERS else f"{text[:SAMPLE_CHARACTERS]}…"
    return f"“{cut.encode('unicode_escape').decode('ascii') if not cut.isprintable() else cut}”"


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count:,} lines"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"
