"""Learning a site: what recurs becomes rules, what looks like the article never does, and nothing depends on order."""

from __future__ import annotations

import datetime
import random
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scrubber import Cleaner, Page, hookimpl
from scrubber.learning import CannotLearn, CannotMerge, Learner, Template, learn, merge, new_file, site_name
from scrubber.learning.memory import Lowest, Memory
from scrubber.learning.naming import Names
from scrubber.learning.shapes import Kind, Shape, hash_of, selector, shapes
from scrubber.learning.site_file import toml
from scrubber.learning.standing import lower_bound
from scrubber.model import KEPT, Label
from scrubber.sites import Rule, RuleSite, Site, load_site
from scrubber.testing import strategies
from scrubber.testing.composed import ComposedPage, Flattening, Written, stories
from scrubber.testing.conformance import as_document
from scrubber.testing.made_up_sites import MadeUpSite, made_up_site

DAY = datetime.date(2021, 5, 12)
FEW_SITES = range(0, 40, 8)


def pages_of(site: MadeUpSite, count: int, start: int = 0) -> list[Page]:
    return [Page(page.text, url=page.url, date=page.date) for page in site.pages(count, start)]


def rules(template: Template) -> set[str]:
    """Return what the rules of a template say of lines."""
    return {
        rule.rule.line or rule.rule.match or rule.rule.css or f"{rule.rule.first} … {rule.rule.last}"
        for rule in template.rules
    }


def dropped(template: Template, page: str) -> set[str]:
    """Return the lines of a page that the rules take out."""
    document = as_document(page)
    return {document.texts[index] for rule in template.rules for index in rule.rule.lines(document)}


@cache
def articles(count: int) -> list[list[str]]:
    """Return articles of five paragraphs that share no line."""
    site = made_up_site(1)
    pages = (page.composed.lines for page in site.pages(20 * count))
    own = ([line.text for line in lines if line.label is Label.PARAGRAPH] for lines in pages)
    counts = Counter(text for page in site.pages(20 * count) for text in {line.text for line in page.composed.lines})
    whole = ([text for text in texts if counts[text] == 1][:5] for texts in own)
    return [texts for texts in whole if len(texts) == 5][:count]


def framed(article: Sequence[str], above: Iterable[str] = (), below: Iterable[str] = ()) -> Page:
    """Return an article between lines of its site."""
    return Page("\n\n".join([*above, *article, *below]) + "\n")


class Offer:
    """A plugin that offers one site."""

    def __init__(self, site: Site) -> None:
        self.site = site

    @hookimpl
    def register_sites(self) -> list[Site]:
        return [self.site]


# --- what is learned --------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", FEW_SITES)
def test_unseen_pages_lose_more_furniture_and_no_more_of_their_articles(seed: int, bare_cleaner: Cleaner) -> None:
    site = made_up_site(seed)
    template = learn(pages_of(site, 20))
    learned = RuleSite("learned", [rule.rule for rule in template.rules], hosts=[site.host])
    cleaner = Cleaner(bundled=False, installed=False, plugins=[Offer(learned)])
    wrong: Counter[tuple[str, bool]] = Counter()
    for page in site.pages(8, start=40):
        for name, one in (("generic", bare_cleaner), ("learned", cleaner)):
            for line, kept in page.composed.verdicts(one.clean(page.text, url=page.url)):
                wrong[name, line.label in KEPT] += kept != (line.label in KEPT)
    assert wrong["learned", True] <= wrong["generic", True]
    assert wrong["learned", False] <= wrong["generic", False]
    lines = sum(len(page.labels) for page in site.pages(8, start=40))
    assert wrong["learned", False] <= 0.05 * lines


@pytest.mark.parametrize("seed", FEW_SITES)
def test_what_recurs_in_articles_is_left_for_review(seed: int) -> None:
    site = made_up_site(seed)
    template = learn(pages_of(site, 20))
    own = {line.text for page in site.pages(20) for line in page.composed.lines if line.label in KEPT}
    for page in site.pages(20):
        assert not dropped(template, page.text) & own
    assert not rules(template) & own


def test_lines_of_the_site_become_rules_with_where_and_how_often_they_stand() -> None:
    pages = [
        framed(text, ["The Valley Gazette", "Weather and roads"], ["All rights in the valley"]) for text in articles(6)
    ]
    template = learn(pages)
    by_line = {rule.rule.line: rule for rule in template.rules}
    assert by_line["Weather and roads"].where == "above the article"
    assert by_line["All rights in the valley"].where == "below the article"
    assert by_line["Weather and roads"].pages == 6
    assert by_line["Weather and roads"].share == 1.0
    assert by_line["Weather and roads"].weight == 3.0
    assert by_line["Weather and roads"].example == "Weather and roads"


def test_numbers_names_and_what_follows_a_prompt_may_vary() -> None:
    pages = [
        framed(
            text,
            ["The Valley Gazette", f"Filed by {name} Ohlen", f"{number:,} readers today"],
            [f"From the archive: {text[0].split('.')[0][:40]}", "All rights in the valley"],
        )
        for number, (text, name) in enumerate(
            zip(articles(6), ["Ada", "Ben", "Cem", "Dov", "Eva", "Fay"], strict=True), start=998
        )
    ]
    taken = rules(learn(pages))
    assert r"^\d[\d.,:]* readers today$" in taken
    assert "From the archive: *" in taken


def test_headlines_below_their_heading_go_with_it() -> None:
    def page(number: int, text: list[str]) -> Page:
        headlines = [
            f"Item {chr(97 + number)}{chr(97 + nth)} of the valley and its hills" for nth in range(3 + number % 3)
        ]
        return framed(text, ["The Valley Gazette"], ["Heard in the valley", *headlines, "All rights in the valley"])

    pages = [page(number, text) for number, text in enumerate(articles(8))]
    template = learn(pages)
    assert "Heard in the valley … All rights in the valley" in rules(template)
    assert all("Item " not in (rule.rule.line or "") for rule in template.rules)


def test_a_line_between_paragraphs_is_for_review_however_often_it_stands() -> None:
    pages = [
        framed([*text[:2], "What it means", *text[2:]], ["The Valley Gazette"], ["Valley rights"])
        for text in articles(8)
    ]
    template = learn(pages)
    (found,) = [rule for rule in template.review if rule.rule.line == "What it means"]
    assert "between the paragraphs" in found.note
    assert "What it means" not in rules(template)


def test_running_text_at_the_article_on_some_pages_is_for_review_and_on_all_is_not() -> None:
    note, notice = (
        f"This {word} was put together by the valley desk for all of its many readers." for word in ("note", "notice")
    )
    pages = [
        framed(text, ["The Valley Gazette"], [*([note] if number % 2 else []), "Valley rights", notice])
        for number, text in enumerate(articles(12))
    ]
    template = learn(pages)
    assert notice in rules(template)
    assert note not in rules(template)
    assert note in {rule.rule.line for rule in template.review}


def test_a_redesign_in_the_middle_is_no_reason_to_doubt_what_one_design_always_shows() -> None:
    site = made_up_site(4, redesign_at=10)
    template = learn(pages_of(site, 20))
    later = {line.text for line in site.page(15).composed.lines if line.label is Label.NON_CONTENT}
    assert len(later & dropped(template, site.page(15).text)) >= 0.8 * len(later)


def test_html_gives_selectors_beside_the_lines_and_none_around_articles() -> None:
    site = made_up_site(23)
    template = learn(Page(page.html, url=page.url) for page in site.pages(20))
    selectors = {rule.rule.css for rule in template.rules if rule.rule.css}
    prefix = site.page(0).html.split('class="')[1].split("-")[0]
    assert {f".{prefix}-popular", f".{prefix}-legal"} <= selectors
    assert not selectors & {f".{prefix}-body", f".{prefix}-paragraph", f".{prefix}-subheading", f".{prefix}-title"}
    lines = [rule.rule for rule in template.rules if not rule.rule.css]
    assert len(lines) > 20
    cleaner = Cleaner(
        bundled=False,
        installed=False,
        plugins=[Offer(RuleSite("x", [r.rule for r in template.rules], hosts=[site.host]))],
    )
    page = site.page(50)
    assert [line for line, kept in page.composed.verdicts(cleaner.clean(page.text, url=page.url)) if kept] == [
        line for line in page.composed.lines if line.label in KEPT
    ]
    assert cleaner.clean(page.html, url=page.url).text.split() == page.composed.article.split()


@pytest.mark.parametrize(
    ("name", "selectors"), [("Box", {'[class~="box" i]'}), ("b" * 61, set()), ("2col", set()), ("a.b", set())]
)
def test_names_that_are_hard_to_select_are_selected_right_or_not_at_all(name: str, selectors: set[str]) -> None:
    box = f'<div class="{name}">Seen in the valley</div>'
    shown = (f"<h1>{text[0][:30]}</h1>{''.join(f'<p>{line}</p>' for line in text)}{box}" for text in articles(6))
    template = learn(Page(f"<!doctype html>{page}") for page in shown)
    assert "Seen in the valley" in rules(template)
    assert {rule.rule.css for rule in template.rules if rule.rule.css} == selectors


def test_fingerprints_stand_on_nearly_all_pages_and_say_nothing_common() -> None:
    site = made_up_site(23)
    template = learn(pages_of(site, 20))
    assert 2 <= len(template.fingerprints) <= 4
    assert "Leave a comment" not in template.fingerprints
    file = RuleSite("learned", [], fingerprints=template.fingerprints)
    cleaner = Cleaner(bundled=False, installed=False, plugins=[Offer(file)])
    own, other = site.page(30).text, made_up_site(1).page(30).text
    assert [name for name, _ in cleaner.clean(own).sites] == ["learned"]
    assert not cleaner.clean(other).sites


# --- what it is learned from ------------------------------------------------------------------------


def test_fewer_than_five_pages_are_refused_with_the_reason() -> None:
    pages = pages_of(made_up_site(1), 4)
    with pytest.raises(CannotLearn, match="at least 5 pages of one site, and there are 4: what repeats on fewer"):
        learn(pages)
    with pytest.raises(CannotLearn, match="there are 4 that differ, 8 that say the same again"):
        learn(pages * 3)
    with pytest.raises(CannotLearn, match="there are 0"):
        learn([])


def test_pages_that_say_the_same_count_once() -> None:
    """Fetched twice, or edited a little, with other numbers around it."""
    site = made_up_site(3)
    pages = pages_of(site, 8)
    again = [
        Page(f"Fetched a second time\n\n{page.content}\n\nNew in the footer\n", url=page.url) for page in pages[:3]
    ]
    once, twice = learn(pages), learn([*pages, *again])
    assert (twice.pages, twice.repeated) == (once.pages, 3) == (8, 3)
    article = site.page(0).composed.article.split("\n")[0]
    edited = [
        Page(str(pages[0].content) + f"\n\nThe {word} edition.\n", url=pages[0].url)
        for word in ("late", "last", "next")
    ]
    assert article not in rules(learn([*pages[:5], *edited]))


def test_pages_of_several_hosts_are_refused_unless_one_is_named() -> None:
    one, other = made_up_site(1), made_up_site(21)
    pages = [*pages_of(one, 6), *pages_of(other, 5)]
    with pytest.raises(CannotLearn, match=rf"several hosts: {one.host} \(6\), {other.host} \(5\).*--host"):
        learn(pages)
    assert learn(pages, host=one.host).pages == 6
    assert learn(pages, host=f"https://www.{one.host}/").host == one.host
    with pytest.raises(CannotLearn, match="11 of other hosts"):
        learn(pages, host="elsewhere.example")


@settings(max_examples=4)
@given(order=st.randoms(use_true_random=False), seed=st.integers(0, 60))
def test_the_order_of_pages_changes_nothing(order: random.Random, seed: int) -> None:
    pages = pages_of(made_up_site(seed), 8)
    shuffled = [*pages]
    order.shuffle(shuffled)
    assert learn(pages) == learn(shuffled)


@given(
    things=st.lists(st.tuples(st.integers(0, 2**64 - 1), st.integers(0, 9)), unique_by=lambda thing: thing[0]),
    most=st.integers(1, 6),
    cost=st.integers(0, 30),
    order=st.randoms(use_true_random=False),
)
def test_which_pages_are_kept_does_not_depend_on_their_order(
    things: list[tuple[int, int]], most: int, cost: int, order: random.Random
) -> None:
    def kept(given: Iterable[tuple[int, int]]) -> list[int]:
        lowest: Lowest[str] = Lowest(most, cost)
        for key, price in given:
            lowest.add(key, price, "")
            assert lowest.cost <= cost
        return [key for key, _ in lowest]

    shuffled = [*things]
    order.shuffle(shuffled)
    assert kept(things) == kept(shuffled) == sorted(kept(things))
    assert len(kept(things)) <= most


def test_the_same_page_again_takes_no_room() -> None:
    lowest: Lowest[str] = Lowest(5, 5)
    for _ in range(10):
        lowest.add(7, 1, "")
    assert lowest.cost == 1


# --- hostile pages ----------------------------------------------------------------------------------


def test_huge_pages_are_left_out_and_said() -> None:
    pages = [*pages_of(made_up_site(1), 6)]
    many = Page("".join(f"line {number}\n" for number in range(6_000)), url=pages[0].url)
    long = Page("word " * 1_000_000, url=pages[0].url)
    template = learn([*pages, many, long])
    assert (template.pages, template.too_large) == (6, 2)
    assert "2 too large to be an article left out" in new_file(template, "valley", DAY)


def test_memory_is_bounded_whatever_pages_hold() -> None:
    """A page of lines that are all different costs eight bytes a shape; of too many pages some are forgotten."""
    memory = Memory()
    memory._traces.most_cost = 20_000
    memory._sample.most_cost = 50_000
    cleaner = Cleaner(bundled=False, installed=False, tagger=False)
    for number in range(60):
        page = Page("".join(f"{number} {nth} {'x' * 20}\n" for nth in range(500)))
        memory.add(page, cleaner.read(page))
    assert memory._traces.cost <= 20_000
    assert memory._sample.cost <= 50_000
    assert len(memory._known) <= 20_000
    assert memory.counts().pages < 60


@given(text=strategies.any_text())
def test_what_is_written_is_read_as_it_was(text: str) -> None:
    text = text.encode("utf-8", "replace").decode("utf-8")
    assert tomllib.loads(f"key = {toml(text)}") == {"key": text}
    assert all(character.isprintable() for character in toml(text))


LINES = st.lists(
    st.one_of(
        strategies.any_text().map(lambda text: " ".join(text.split())),
        st.text(alphabet="aA1*\"'\\#[]\n= .|:\u202e\x07\x7f\u0660", min_size=1, max_size=20).map(
            lambda t: " ".join(t.split())
        ),
    ).filter(bool),
    max_size=6,
)


@settings(max_examples=10)
@given(lines=LINES, above=st.booleans())
def test_a_learned_file_loads_whatever_the_lines(
    lines: list[str], above: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    frame = {"above": lines} if above else {"below": lines}
    template = learn(framed(text, **frame) for text in articles(6))
    path = tmp_path_factory.mktemp("site") / "site.toml"
    path.write_text(new_file(template, "valley", DAY), encoding="utf-8")
    site = load_site(path)
    assert [rule.name for rule in site.rules] == [rule.rule.name for rule in template.rules]
    assert [(rule.line, rule.match) for rule in site.rules] == [
        (one.rule.line, one.rule.match) for one in template.rules
    ]
    again = merge(path.read_text(encoding="utf-8"), template, DAY)
    assert again == path.read_text(encoding="utf-8")


@given(text=st.one_of(strategies.any_text(), st.text(alphabet="aBc1٢ 2:|-.*–»,", max_size=30)))
def test_a_rule_of_a_shape_matches_the_lines_that_it_was_made_from(text: str) -> None:
    document = as_document(text)
    assume(len(document))
    for shape in shapes(document.texts[0]):
        rule = Rule("rule", Label.NON_CONTENT, *selector(shape, [document.texts[0]]))
        assert list(rule.lines(document))[:1] == [0], (shape, rule)


def test_a_star_in_a_line_stands_for_itself() -> None:
    rule = Rule("rule", Label.NON_CONTENT, *selector(Shape(Kind.NOTHING, "Name *"), ["Name *"]))
    assert rule.line is None
    assert not list(rule.lines(as_document("Name of the river")))
    assert list(rule.lines(as_document("Name *"))) == [0]


def test_hashes_are_the_same_everywhere() -> None:
    assert hash_of(Shape(Kind.NOTHING, "Home")) == 13944583893632026156


# --- laws on composed sites -------------------------------------------------------------------------


@st.composite
def composed_sites(draw: st.DrawFn) -> list[ComposedPage]:
    """Pages with one frame, each with an article of its own and lines that recur in the articles of some."""
    story = stories()[draw(st.sampled_from(sorted(stories())))]
    own = made_up_site(draw(st.integers(0, 10_000)))
    frame = draw(strategies.pages(languages=[story.language], flattened=[Flattening.SPACED]))
    places = [index for index, block in enumerate(frame.blocks) if block[0].label in KEPT]
    above, below = frame.blocks[: places[0]], frame.blocks[places[-1] + 1 :]
    recurring = Written(draw(st.sampled_from([*story.subheadings, *story.short, *story.sentences])), Label.PARAGRAPH)
    share, count = draw(st.floats(0.2, 1.0)), draw(st.integers(5, 9))
    sites = []
    for number in range(count):
        lines = [line for line in own.page(number).composed.lines if line.label is Label.PARAGRAPH][:6]
        blocks = [(line,) for line in lines]
        if number < share * count:
            blocks.insert(draw(st.integers(1, max(1, len(blocks) - 1))), (recurring,))
        chrome = [block for block in (*above, *below) if block[0].label not in KEPT]
        head = [block for block in above if block in chrome]
        foot = [block for block in below if block in chrome]
        sites.append(ComposedPage((*head, *blocks, *foot)))
    return sites


@settings(max_examples=15)
@given(pages=composed_sites())
def test_no_rule_drops_what_most_articles_hold(pages: list[ComposedPage]) -> None:
    """Neither what recurs in articles, nor any line of one."""
    try:
        template = learn(Page(page.source) for page in pages)
    except CannotLearn:  # drawn too much alike
        return
    for page in pages:
        own = {line.text for line in page.lines if line.label in KEPT}
        chrome = {line.text for line in page.lines if line.label not in KEPT}
        assert not dropped(template, page.source) & (own - chrome)


# --- learning again ---------------------------------------------------------------------------------


def learned_file(count: int = 10, seed: int = 23) -> tuple[Template, str]:
    template = learn(pages_of(made_up_site(seed), count))
    return template, new_file(template, "valley", DAY)


def test_learning_the_same_again_changes_nothing() -> None:
    template, text = learned_file()
    assert merge(text, template, DAY) == text


def test_a_rule_keeps_the_day_on_which_it_was_first_learned() -> None:
    template, text = learned_file()
    later = merge(text, template, datetime.date(2022, 1, 1))
    assert later.count("2021-05-12") == len(template.rules)
    assert later.count("2022-01-01") == 1


HAND_MADE = """\
# Hand-made: the editor's corner belongs to the paper.
[[keep]]
rule = "corner"
line = "From the corner of the editor"
valid_from = 2021-03-01
"""


def test_rules_made_by_hand_stay_word_for_word_and_come_first() -> None:
    _, text = learned_file()
    more = learn(pages_of(made_up_site(23), 20))
    merged = merge(f"{text}\n{HAND_MADE}", more, DAY)
    assert HAND_MADE.strip() in merged
    assert merged.index("corner") < merged.index("[[drop]]")
    assert merge(merged, more, DAY) == merged


def test_a_learned_rule_that_was_changed_counts_as_made_by_hand() -> None:
    template, text = learned_file()
    line = f"rule = {toml(template.rules[0].rule.name)}\n"
    changed = text.replace(line, f'{line}label = "navigation"\nvalid_until = 2022-01-01\n').replace(
        'label = "headline_list"\n' if 'label = "headline_list"\n' in text.split("[[drop]]")[1] else "\0", "", 1
    )
    merged = merge(changed, template, DAY)
    assert "valid_until = 2022-01-01" in merged
    selected = [
        tuple(rule.get(key) for key in ("line", "match", "from", "until")) for rule in tomllib.loads(merged)["drop"]
    ]
    assert len(selected) == len(set(selected))


def test_a_rule_taken_from_review_stays() -> None:
    template, text = learned_file(20)
    paragraph = next(part for part in text.split("\n\n") if part.startswith("# review:"))
    rows = paragraph.split("\n")
    used = "\n".join(row.removeprefix("# ") if nth >= 2 else row for nth, row in enumerate(rows))
    merged = merge(text.replace(paragraph, used), template, DAY)
    assert used in merged
    assert tomllib.loads(merged)


def test_what_is_kept_by_hand_is_not_learned_again() -> None:
    template, text = learned_file()
    line = next(rule.rule.line for rule in template.rules if rule.rule.line)
    kept = f'{text}\n[[keep]]\nrule = "mine"\nline = {toml(line)}\n'
    merged = tomllib.loads(merge(kept, template, DAY))
    assert line not in {rule.get("line") for rule in merged["drop"]}


def test_names_of_learned_rules_give_way_to_those_made_by_hand() -> None:
    template, _ = learned_file()
    name = template.rules[0].rule.name
    own = f'site = "valley"\n\n[[drop]]\nrule = {toml(name)}\nline = "Something else"\n'
    rules_now = [rule["rule"] for rule in tomllib.loads(merge(own, template, DAY))["drop"]]
    assert rules_now[0] == name
    assert len(set(rules_now)) == len(rules_now) == len(template.rules) + 1


def test_a_rule_right_below_a_learned_one_is_no_part_of_it() -> None:
    template, text = learned_file()
    paragraph = next(part for part in text.split("\n\n") if part.startswith("# learned ") and "[[drop]]" in part)
    both = text.replace(paragraph, f"{paragraph}\n{HAND_MADE.strip()}")
    assert HAND_MADE.strip() in merge(both, template, DAY)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('site = "valley"\ndrop = [{rule = "a", line = "b"}]\n', "can't add to without a loss"),
        ('site = "valley"\ndrop = ["a"]\n', "can't add to without a loss"),
        ('site = "valley\n', "is not valid TOML"),
    ],
)
def test_a_file_that_can_not_be_added_to_is_refused(text: str, problem: str) -> None:
    template, _ = learned_file()
    with pytest.raises(CannotMerge, match=problem):
        merge(text, template, DAY)


# --- small parts ------------------------------------------------------------------------------------


def test_names_are_never_given_twice() -> None:
    names = Names(["home"])
    given = [names.new(text) for text in ("Home", "home 2", "Home!", "Home")]
    assert len({*given, "home"}) == 5


@pytest.mark.parametrize(
    ("host", "name"), [("www.paper.example", "paper-example"), ("Zeitung.example", "zeitung-example")]
)
def test_a_site_is_named_for_its_host(host: str, name: str) -> None:
    assert site_name(host) == name


def test_a_share_of_few_pages_is_known_less_surely() -> None:
    assert lower_bound(5, 5) < lower_bound(20, 20) < 1.0
    assert lower_bound(0, 5) == 0.0


def test_a_page_that_can_not_be_read_teaches_nothing(bare_cleaner: Cleaner, tmp_path: Path) -> None:
    learner = Learner()
    for page in pages_of(made_up_site(1), 6):
        learner.add(page)
    before = learner.template()
    with pytest.raises(Exception, match="PDF"):
        learner.add(Page(b"%PDF-1.7\n" + b"\x00" * 100))
    assert learner.template() == before
