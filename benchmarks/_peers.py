"""What others make of the same pages: rules and extractors on flattened lines, extractors on the HTML.

A line rule keeps or drops each line by itself, as the corpora's filters do; their rules that drop whole
documents are left out, for here every page has to be answered. An extractor that needs HTML gets each
flattened line in a `<p>`.
"""

from __future__ import annotations

import html
import inspect
import re
from collections import Counter
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import NamedTuple

from _data import TuningPage, cached, flatten_version, flattened
from _tables import say

C4_ENDS = (".", "?", "!", '"')
C4_ELLIPSIS = "..."
C4_WORDS = 5
"""Words that C4 asks of a line (its published code; the paper says three)."""

LONGEST_WORD = 1000
POLICIES = ("terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies")
CITATION = re.compile(r"\[\d*]|\[edit]|\[citation needed]")
FINEWEB_WORDS = 3
FINEWEB_SHORT = 30
"""Characters up to which FineWeb counts a line as short."""

STOPLISTS = {
    "ar": "Arabic",
    "bg": "Bulgarian",
    "ca": "Catalan",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hu": "Hungarian",
    "id": "Indonesian",
    "is": "Icelandic",
    "it": "Italian",
    "ko": "Korean",
    "ms": "Malay",
    "nl": "Dutch",
    "no": "Norwegian_Bokmal",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sv": "Swedish",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
}
"""jusText's stop lists by language; any other language is judged without one."""


def keep_everything(lines: Sequence[str], _: str = "") -> str:
    """Keep every line."""
    return "\n".join(lines)


def c4_rules(lines: Sequence[str], _: str = "") -> str:
    """Apply C4's line rules (Raffel et al. 2020): end punctuation, five words, no script notices, no policies.

    >>> c4_rules(["Home", "The bridge is closed until Friday.", "Read more about the bridge ..."])
    'The bridge is closed until Friday.'
    """
    cited = (CITATION.sub("", line) for line in lines)
    ended = (line for line in cited if line.endswith(C4_ENDS) and not line.endswith(C4_ELLIPSIS))
    return "\n".join(line for line in ended if plain_words(line) >= C4_WORDS)


def fineweb_rules(lines: Sequence[str], _: str = "") -> str:
    """Apply what FineWeb (Penedo et al. 2024) asks of lines: C4's rules without end punctuation, not short, once.

    FineWeb drops documents by their share of short and of repeated lines; here the lines themselves go.

    >>> fineweb_rules(["Home and garden", *["The bridge over the river is closed"] * 2])
    'The bridge over the river is closed'
    """
    long = [line for line in lines if len(line) > FINEWEB_SHORT and plain_words(line) >= FINEWEB_WORDS]
    return "\n".join(dict.fromkeys(long))


def plain_words(line: str) -> int:
    """Return the words of a line that C4 takes for text; 0 for one on scripts or policies."""
    folded = line.lower()
    if "javascript" in folded or any(policy in folded for policy in POLICIES):
        return 0
    words = line.split()
    return 0 if any(len(word) > LONGEST_WORD for word in words) else len(words)


def as_paragraphs(lines: Sequence[str]) -> str:
    """Put each line into a `<p>`."""
    return "<html><body>" + "".join(f"<p>{html.escape(line)}</p>\n" for line in lines) + "</body></html>"


def justext_on_lines(lines: Sequence[str], language: str = "") -> str:
    """Give jusText the lines as paragraphs."""
    return justext_paragraphs(as_paragraphs(lines), language)


def justext_paragraphs(page: str, language: str) -> str:
    """Ask jusText which paragraphs are good, with the stop list of the page's language or with none."""
    import justext

    name = STOPLISTS.get(language)
    if name:
        found = justext.justext(page, justext.get_stoplist(name))
    else:
        found = justext.justext(page, frozenset(), stopwords_low=0.0, stopwords_high=0.0)
    return "\n".join(paragraph.text for paragraph in found if not paragraph.is_boilerplate)


def trafilatura_on_lines(lines: Sequence[str], _: str = "") -> str:
    """Give trafilatura the lines as paragraphs."""
    return trafilatura_on_html(as_paragraphs(lines))


def boilerpipe_on_lines(lines: Sequence[str], _: str = "") -> str:
    """Give boilerpipe's article extractor the lines as paragraphs."""
    from boilerpy3.extractors import ArticleExtractor

    return str(ArticleExtractor(raise_on_failure=False).get_content(as_paragraphs(lines)))


def trafilatura_on_html(text: str, _: str = "") -> str:
    """Extract with trafilatura, comments left out."""
    import trafilatura

    return trafilatura.extract(text, include_comments=False) or ""


def resiliparse_on_html(text: str, _: str = "") -> str:
    """Extract with Resiliparse's main content."""
    from resiliparse.extract.html2text import extract_plain_text

    return str(extract_plain_text(text, main_content=True))


def trafilatura_precise_on_html(text: str, _: str = "") -> str:
    """Extract with trafilatura set to precision."""
    import trafilatura

    return trafilatura.extract(text, include_comments=False, favor_precision=True) or ""


def readability_on_html(text: str, _: str = "") -> str:
    """Extract with readability-lxml, the text of the element that it chooses."""
    import readability
    from selectolax.lexbor import LexborHTMLParser

    body = LexborHTMLParser(readability.Document(text).summary()).body
    return body.text(separator="\n") if body is not None else ""


def justext_on_html(text: str, language: str = "") -> str:
    """Ask jusText which paragraphs are good, with the stop list of the page's language or with none."""
    return justext_paragraphs(text, language)


def newspaper_on_html(text: str, _: str = "") -> str:
    """Extract with newspaper4k, which fetches nothing when it is given the page."""
    import newspaper

    return str(newspaper.article("https://page.example/", input_html=text, fetch_images=False).text)


class Peer(NamedTuple):
    """Somebody else's way: `name` in tables, `package` it comes from ("" for rules written here), what it `reads`."""

    name: str
    package: str
    reads: str
    extract: Callable[..., str]

    def full_name(self) -> str:
        """Name and version."""
        return f"{self.name} ({self.package} {version(self.package)})" if self.package else self.name


PEERS = (
    Peer("keep everything", "", "lines", keep_everything),
    Peer("C4 line rules", "", "lines", c4_rules),
    Peer("FineWeb line rules", "", "lines", fineweb_rules),
    Peer("jusText on lines", "justext", "lines", justext_on_lines),
    Peer("trafilatura on lines", "trafilatura", "lines", trafilatura_on_lines),
    Peer("boilerpipe on lines", "boilerpy3", "lines", boilerpipe_on_lines),
    Peer("trafilatura, full HTML", "trafilatura", "html", trafilatura_on_html),
    Peer("resiliparse, full HTML", "resiliparse", "html", resiliparse_on_html),
)
"""Those of a run on flattened text, and two that read the HTML beside them."""

HTML_PEERS = (
    *(peer for peer in PEERS if peer.reads == "html"),
    Peer("trafilatura, precision", "trafilatura", "html", trafilatura_precise_on_html),
    Peer("readability-lxml", "readability-lxml", "html", readability_on_html),
    Peer("jusText", "justext", "html", justext_on_html),
    Peer("newspaper4k", "newspaper4k", "html", newspaper_on_html),
)
"""Those of a run on HTML."""


def installed(peers: Sequence[Peer]) -> list[Peer]:
    """Return the peers that are there, and say which are not."""
    there = [peer for peer in peers if not peer.package or is_installed(peer.package)]
    if missing := [peer.name for peer in peers if peer not in there]:
        say(f"not installed, so left out: {', '.join(missing)}")
    return there


def is_installed(package: str) -> bool:
    """Tell whether a distribution is installed."""
    try:
        version(package)
    except PackageNotFoundError:
        return False
    return True


class Failures(Counter[str]):
    """Pages on which a peer raised, by peer; such a page counts as an empty answer."""


FAILURES = Failures()


def answers(peer: Peer, pages: Sequence[TuningPage], way: str) -> list[str]:
    """Return a peer's text for each page of one set; those that read HTML give the same whatever the way."""
    found = on_lines(peer, pages, way) if peer.reads == "lines" else on_html(peer, pages)
    FAILURES[peer.name] += found.count(None)
    return [text or "" for text in found]


def on_lines(peer: Peer, pages: Sequence[TuningPage], way: str) -> list[str | None]:
    """Return a peer's answers on flattened lines; those of packages are cached."""
    of = {page.key: lines for page, lines in zip(pages, flattened(pages, way), strict=True)}
    if not peer.package:
        return [peer.extract(of[page.key], page.language) for page in pages]
    name = f"{peer.extract.__name__}-{way}"
    return cached(name, peer_version(peer), pages, lambda page: attempt(peer, of[page.key], page.language))


def on_html(peer: Peer, pages: Sequence[TuningPage]) -> list[str | None]:
    """Return a peer's answers on the HTML, decoded as for flattening; cached."""
    from scrubber.tagger.train.flatten import decode

    version_ = peer_version(peer)
    return cached(peer.extract.__name__, version_, pages, lambda page: attempt(peer, decode(page.html), page.language))


def peer_version(peer: Peer) -> str:
    """Return what changes when a peer's answers may."""
    return "\n".join([version(peer.package), inspect.getsource(peer.extract), flatten_version()])


def attempt(peer: Peer, content: Sequence[str] | str, language: str) -> str | None:
    """Return a peer's text, None where it raised."""
    try:
        return peer.extract(content, language)
    except Exception:  # whatever a peer raises on a page, the page counts as lost to it
        return None
