"""How HTML becomes lines, as it was recorded: small pages with all that the DOM says of each line, and limits.

`tests/cases/records/html-lines.txt` has for each page below its lines, `html-limits.txt` for each ladder the answer to
every number. After a change that is meant:

    python tests/test_html_record.py
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from textwrap import fill
from typing import NamedTuple

import pytest
import records

from scrubber.model import Dom, Line
from scrubber.repair import DEFAULT
from scrubber.segment.html import is_html, segment_html
from scrubber.segment.markup import bounded

LINES, LIMITS = "html-lines.txt", "html-limits.txt"

PROSE = "The old bridge was closed by the flood of the river on Monday, the mayor said."
NOTICE = "Turn scripts on to read the page of the valley, which is made by scripts alone, as pages are these days."
LONG = f"{PROSE} Nobody was hurt. {PROSE} The market has moved to the other side of the river. {PROSE}"

PAGES = {
    "landmarks and roles": "<nav>a</nav><header>b</header><footer>c</footer><aside>d</aside><form>e</form>"
    "<main>f<article>g<div>h</div></article></main><div role=navigation>i</div><div role=banner>j</div>"
    "<div role=contentinfo>k</div><div role=complementary>l</div><div role=search>m</div><div role=main>n</div>"
    "<div role=article>o</div><div role=button>p</div><section role=main>q</section>",
    "links": "<p><a href=/a>abc</a></p><p><a href=/a>abc</a>def</p><p>abc <a href=/a> d&amp;f </a></p>"
    "<p><a href=/a>ab<b>c</b></a>d</p><p>a<a href=/b><i>b</i></a></p><a href=/c><p>block</p></a><a href=/d></a>e",
    "classes and ids": '<div class="A b"><p id=C class="d e">one</p><p class="d e">two</p></div><p id=f>three</p>'
    '<div class="g"><div class="h"><div class="i"><div class="j">'
    '<div class="k">five levels</div></div></div></div></div>',
    "cards that repeat": "<ul><li><h3>a</h3><p>b</p></li><li><h3>c</h3><p>d</p></li></ul>"
    "<div class=x>e</div><div class=y>f</div><div class=x>g</div>",
    "a deep card": "<div class=card><div><div><div><div><div>five below</div></div></div></div></div></div>"
    "<div class=card><div><div><div><div><div><div>six below</div></div></div></div></div></div></div>",
    "what is hidden": f"<p>{PROSE}</p><div hidden>a</div><div hidden=until-found>b</div><p style='display : NONE'>c</p>"
    "<p style='color:red;visibility:hidden'>d</p><p style=display:block>e</p><noscript>f</noscript><dialog>g</dialog>"
    "<dialog open>h</dialog><template>i</template><template shadowrootmode=open>j</template>"
    "<p aria-hidden=true>k</p><div aria-hidden=true><p>l</p></div><p aria-hidden=false>m</p><p data-hidden=1>n</p>",
    "hidden within a line": "<p>one <span hidden>two</span>three</p><p>four<span style='display:none'>five</span></p>"
    "<p><span class=none>six</span> seven<span hidden>eight <b>nine</b></span><a href=/a>ten<i hidden>x</i></a></p>",
    "hidden prose that is the page": f"<p>Short.</p><noscript><p>{LONG}</p><p>Low.</p></noscript><div hidden>"
    "<p>b</p></div>",
    "hidden prose beside more": f"<p>{LONG} {LONG}</p><noscript><p>{LONG}</p></noscript>",
    "hidden prose in two parts that look alike": f"<p>Short.</p><div hidden class=a><p>{PROSE * 2}</p></div>"
    f"<div hidden class=a><p>{PROSE} {PROSE}</p></div><div hidden class=b><p>{PROSE}</p></div>",
    "two hidden parts": f"<p>Short.</p><div hidden class=a><p>{LONG}</p></div><div hidden class=b>"
    f"<p>{LONG * 3}</p></div>",
    "a notice for those without scripts": f"<p>Short.</p><noscript>{NOTICE}</noscript>",
    "line breaks": "<p>one<br>two</p><p>Three<br><br>four</p><p>five<br></p><p><br>six<br> <br>seven</p>"
    f"<p>{PROSE}<br>{PROSE}</p><p>{PROSE.removesuffix('.')}<br>and went home</p>"
    f"<p>{PROSE.removesuffix('.')}<br>5 days</p><p>{PROSE.removesuffix('.')}<br>And more"
    "<br>of it</p><p>a<br><a href=/b>bc</a></p>",
    "rules and breaks between blocks": "a<hr>b<br>c<div>d</div><br><br>e<hr><hr>f",
    "code": "<pre>a\n  b\n\n\tc &lt;d&gt; &amp; e&nbsp;f\n</pre><p>g</p><pre>\n\n  h</pre><pre>i<br>j</pre>"
    "<pre>  \n </pre>"
    "<pre><code>k</code>\n<b>l</b></pre><listing>m\nn</listing><textarea>o</textarea><pre>p\rq\x0br\u2028s</pre>",
    "code in blocks": "<pre><div>a</div><div>b\nc</div>d</pre><div><pre>e</pre>f</div><pre>g<pre>h</pre>i</pre>",
    "prose in pre": f"<pre>\n\n{fill(LONG, 72)}\n\n  {fill(LONG, 72)}\nAnd <b>the</b> last.\n</pre>"
    f"<pre>{fill(LONG, 72)}</pre>a",
    "list items": "<ul><li>a<li>b<p>c</p><p>d</p><li><p>e</p>f<ul><li>g<li>h</ul>i</ul><dl><dt>j<dd>k<p>l</dl>",
    "tables of data": "<table><caption>a</caption><tr><th>b<th>c<tr><td>d<td>e<tr><th>f<td>g<tr><td>h<td></table>"
    "<table><tr><td>i<td><a href=/b>jj</a><tr><td><td>k<tr><td><td></table><p>l",
    "tables of data with parts": "<table><tr><td>a<br>b<td>c<tr><td><p>d</p><p>e</p><td>f<td hidden>g</table>"
    "<table><thead><tr><th>h<th>i</thead><tbody><tr><td><div><span>j</span></div><td>k</tbody></table>",
    "tables of layout": "<table><tr><td>a<td>b</table><table><tr><td>c<tr><td>d</table>"
    "<table role=presentation><tr><td>e<td>f<tr><td>g<td>h</table><table role=none><tr><td>i<td>j<tr><td>k<td>l</table>"
    "<table><tr><td>m<td>n<tr><td>o<td><table><tr><td>p<td>q<tr><td>r<td>s</table></table>"
    "<table><tr><td>t<td><tr><td>u<td><tr><td>v<td>w</table><td>x",
    "tables in tables in tables": "<table><tr><td>a<td>b<tr><td>c<td><table><tr><td>d<td>e<tr><td>f<td><table>"
    "<tr><td>g<td>h<tr><td>i<td>j</table></table></table><table><tr><td>k<td>l<tr><td>m<td>n</table>",
    "scripts, comments and what is no text": "<script>a</script><style>b</style>c<!-- d -->e<?f?>g<svg>"
    "<text>h</text></svg>"
    "<textarea>i</textarea><button>j</button><select><option>k<option>l</select><iframe>m</iframe><title>n</title>"
    "<video>o</video><object>p</object><xmp><b>q</b></xmp><template><script>r</script>s<style>t</style></template>",
    "escapes": "<p>&lt;b&gt; &amp;amp; &quot;x&quot; &nbsp; y&nbsp;z &#x2014; &copy;</p><p>&nbsp;</p><p> &nbsp; a </p>",
    "no body": "one two",
    "nothing": "<html><body><div> <p></p></div></body></html>",
    "a shell": "<div id=app></div><script src=a.js></script>",
    "a frame set": "<frameset><frame src=a><noframes>a</noframes></frameset>",
    "repairs": "<p>It\u00e2\u20ac\u2122s  here</p><p>\u200b</p><p>a\u00adb</p>",
}


def told(line: Line) -> str:
    """Return a line and what the DOM says of it."""
    dom = line.html or Dom("", "", "", 0.0)
    facts = [
        f"<{dom.path}> {dom.block}",
        f"in {dom.landmark}" if dom.landmark else "",
        f"{dom.linked:.2f} linked" if dom.linked else "",
        f"named {' '.join(dom.names)}" if dom.names else "",
        "hidden" if dom.hidden else "",
        f"{dom.siblings} alike" if dom.siblings else "",
        f"goes on: {dom.follows}" if dom.follows else "",
    ]
    return f"{line.start}-{line.end} {line.text!r}: {', '.join(filter(None, facts))}"


def lines_of(markup: str) -> list[str]:
    """Return the rows of a page's record: lines, repairs and flags."""
    document, repairs, _, flags = segment_html(markup, DEFAULT)
    steps = [f"{one.step} at {one.start}-{one.end}: {one.before!r} to {one.after!r}" for one in repairs]
    return [*map(told, document.lines), *steps, *[f"flag {flag}" for flag in flags]] or ["no lines"]


class Ladder(NamedTuple):
    """Pages that grow with a number, and what is asked of each."""

    numbers: range
    page: Callable[[int], str]
    answer: Callable[[str], str]


def shape(markup: str) -> str:
    """Return the blocks of a page's lines and how they go on, neighbours that are alike as one."""
    said = [f"{dom.block} {dom.follows}".strip() for dom in segment_html(markup, DEFAULT).document.doms or ()]
    groups = [(one, len(list(alike))) for one, alike in groupby(said)]
    return ", ".join(f"{count} {one}" for one, count in groups) or "no lines"


def joined(markup: str) -> str:
    """Return how many lines a page has, and how many of them are rows of a table."""
    texts = segment_html(markup, DEFAULT).document.texts
    return f"{len(texts)} lines, {sum(' | ' in text for text in texts)} with bars"


def last(fact: str) -> Callable[[str], str]:
    """Return a question for one fact of a page's last line: the value, or how many and how long it is."""

    def answer(markup: str) -> str:
        value = getattr(segment_html(markup, DEFAULT).document.lines[-1].html, fact)
        return f"{len(value)} of up to {max(map(len, value), default=0)}" if isinstance(value, tuple) else str(value)

    return answer


def steps(markup: str) -> str:
    """Return how many steps the last line's path has."""
    return str(last("path")(markup).count("/") + 1)


def cuts(markup: str) -> str:
    """Return what limits cut of markup: flags, attributes and tags that are left."""
    made, flags = bounded(markup.encode())
    left = f"{made.count(b' a')} attributes, {made.count(b'<div')} divs, {made.count(b'<br>')} breaks"
    return f"{' '.join(flags) or 'whole'}: {left}"


def nested(name: str, depth: int, inner: str) -> str:
    """Return elements in one another."""
    return f"<{name}>" * depth + inner + f"</{name}>" * depth


def rows(count: int, first: str = "a", second: str = "b") -> str:
    """Return a table with so many rows of two cells."""
    return "<table>" + f"<tr><td>{first}<td>{second}" * count + "</table>"


LADDERS = {
    "characters of a line of verse": Ladder(range(78, 84), lambda n: f"<p>{'A' * n}<br>B</p>", shape),
    "characters of the next line of verse": Ladder(range(78, 84), lambda n: f"<p>A<br>{'B' * n}</p>", shape),
    "characters of a row that a break wraps": Ladder(range(38, 43), lambda n: f"<p>{'a' * n}<br>b</p>", shape),
    "characters of hidden prose": Ladder(range(198, 203), lambda n: f"<p>a</p><div hidden>{'b' * n}</div>", shape),
    "characters of each hidden row of five": Ladder(
        range(58, 63), lambda n: f"<p>a</p><div hidden>{('<p>' + 'b' * n) * 5}</div>", shape
    ),
    "characters of shown prose beside 300 of hidden": Ladder(
        range(298, 303), lambda n: f"<p>{'a' * n}</p><div hidden>{'b' * 300}</div>", shape
    ),
    "rows of a table": Ladder(range(1, 4), rows, joined),
    "cells of a row": Ladder(range(1, 5), lambda n: "<table>" + ("<tr>" + "<td>a" * n) * 2 + "</table>", joined),
    "filled cells of a row of four": Ladder(
        range(5), lambda n: "<table>" + ("<tr>" + "<td>a" * n + "<td>" * (4 - n)) * 2 + "</table>", shape
    ),
    "characters of a cell": Ladder(range(198, 203), lambda n: rows(2, "a" * n), joined),
    "characters of a cell of two lines": Ladder(range(76, 83), lambda n: rows(2, f"{'A' * n}<br><br>bb"), joined),
    "elements in a cell": Ladder(range(5, 11), lambda n: rows(2, nested("div", n, "a")), joined),
    "steps of a path": Ladder(range(1, 16), lambda n: nested("div", n, "a"), steps),
    "blocks that name a line": Ladder(
        range(1, 7), lambda n: nested("div class=a", n, "b").replace("</div class=a>", "</div>"), last("names")
    ),
    "names of a line": Ladder(
        range(14, 19), lambda n: f'<p class="{" ".join(f"n{k}" for k in range(n))}">a</p>', last("names")
    ),
    "characters of a name": Ladder(range(38, 43), lambda n: f'<p class="{"a" * n}">a</p>', last("names")),
    "characters before a name": Ladder(
        range(996, 1003), lambda n: f'<p class="{"a" * (n - 1)} b">a</p>', last("names")
    ),
    "characters before an id": Ladder(range(996, 1003), lambda n: f'<p id="{" " * n}b">a</p>', last("names")),
    "characters before a style": Ladder(
        range(984, 990), lambda n: f"<p>a</p><p style='{' ' * n}display:none'>b</p>", shape
    ),
    "blocks up to one that repeats": Ladder(
        range(9),
        lambda n: "<div class=a>b</div>" + f"<div class=a>{nested('p', 0, nested('section', n, 'c'))}</div>",
        last("siblings"),
    ),
    "times that an element repeats": Ladder(range(1, 4), lambda n: "<p class=a>b</p>" * n, last("siblings")),
    "attributes of a tag": Ladder(
        range(254, 259), lambda n: "<div" + "".join(f" a{k}=1" for k in range(n)) + ">b</div>", cuts
    ),
    "attributes of a tag that never ends": Ladder(
        range(254, 259), lambda n: "c<div" + "".join(f" a{k}=1" for k in range(n)), cuts
    ),
    "characters of a value": Ladder(range(65_534, 65_539), lambda n: f'<div a="{"b" * n}" a2=c>d</div>', cuts),
    "characters of a bare value": Ladder(range(65_534, 65_540), lambda n: f"<div a={'b' * n} a2=c>d</div>", cuts),
    "elements in each other": Ladder(range(998, 1003), lambda n: nested("div", n, "a"), cuts),
    "elements in each other that never end": Ladder(range(998, 1003), lambda n: "<div>" * n, cuts),
    "inline elements in each other": Ladder(range(998, 1003), lambda n: nested("b", n, "a"), cuts),
    "ends too many": Ladder(range(998, 1004), lambda n: "</div>" * 5 + nested("div", n, "a") + "</div>" * 5, cuts),
}


def limits_of(name: str) -> list[str]:
    """Return the rows of a ladder's record."""
    ladder = LADDERS[name]
    return list(records.rungs(lambda number: ladder.answer(ladder.page(number)), ladder.numbers))


BEGINNINGS = (
    "<!doctype html>a",
    " \n<!DOCTYPE  HTML PUBLIC x>",
    "\ufeff<html lang=en>",
    "<!-- made by hand --> <body>",
    f"<!--{'x' * 2_000}--><p>",
    f"<!--{'x' * 2_001}--><p>",
    "<?xml version='1.0'?>",
    "<p>a",
    "<P/>",
    "<a href=x>",
    "<h1>",
    "<h2>",
    "<pre>",
    "<abbr>",
    "<b",
    "a <p>b</p>",
    "1 < 2 and <b>",
    "",
)
TYPES = ("text/html; charset=utf-8", "TEXT/HTML", "application/xhtml+xml", "text/htmlx", "text/plain", "")


def taken_for_html() -> list[str]:
    """Return what is taken for HTML, by how it begins and by what is declared."""
    begun = [f"{text[:30]!r}, {len(text)} characters: {is_html(text)}" for text in BEGINNINGS]
    return [*begun, *[f"declared {kind!r}: {is_html('a', kind)}" for kind in TYPES]]


def named() -> list[str]:
    """Return the titles and addresses that documents have, and the flags of pages without text."""
    markup = "<title>Of the page</title><p>a</p>"
    pages = [
        segment_html(markup, DEFAULT, title=title, url=url) for title, url in (("Given", "http://a/"), (None, None))
    ]
    shells = ("", "<script>a</script>", "<SCRIPT src=a></SCRIPT><p>b</p>", "<scripts></scripts>")
    flags = [f"{shell!r}: {segment_html(shell, DEFAULT).flags}" for shell in shells]
    return [*[f"{page.document.title}, {page.document.url}, {page.metadata.title}" for page in pages], *flags]


MORE = {"what is taken for HTML": taken_for_html, "titles, addresses and flags": named}


def lines_sections() -> Iterator[tuple[str, list[str]]]:
    """Yield each page's title and rows."""
    yield from ((name, lines_of(markup)) for name, markup in PAGES.items())
    yield from ((name, rows()) for name, rows in MORE.items())


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_the_lines_that_were_recorded(name: str) -> None:
    records.check(LINES, name, lines_of(PAGES[name]))


@pytest.mark.parametrize("name", MORE)
def test_pages_are_known_and_named_as_it_was_recorded(name: str) -> None:
    records.check(LINES, name, MORE[name]())


@pytest.mark.parametrize("name", LADDERS)
def test_a_limit_is_where_it_was_recorded(name: str) -> None:
    records.check(LIMITS, name, limits_of(name))


def test_nothing_is_recorded_that_is_not_looked_at() -> None:
    assert set(records.recorded(LINES)) == {*PAGES, *MORE}
    assert set(records.recorded(LIMITS)) == set(LADDERS)


if __name__ == "__main__":
    records.write(LINES, dict(lines_sections()))
    records.write(LIMITS, {name: limits_of(name) for name in LADDERS})
