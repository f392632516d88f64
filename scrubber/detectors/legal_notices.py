"""Copyright, terms, contact details, consent, newsletters, advertisement markers and who pays for the page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scrubber.detectors import HINT, LIKELY, STRONG, detector
from scrubber.document import Document
from scrubber.model import Evidence, Label

SHORT = 12
"""Words. A notice of one clause; longer ones must stand outside the article to be believed."""

NOTICE_WORDS = 60
"""Words. A notice of a few sentences; a longer paragraph has something else to tell too."""

PHONE_DIGITS = 7
"""Digits. The shortest telephone number worth printing with its prefix."""

LINE_HEAD = 400
"""Characters of a line that are looked through for contact details."""

_MAIL = re.compile(r"[\w.+-]@[\w-]{1,63}\.[\w.]{2,63}")
_PHONE = re.compile(r"\+?\d[\d ()/.-]{7,20}\d")
_SHOP = re.compile(
    r"links?\b|linki|affili|afili|amazon|purchas|when you buy|cost to you|enlace|liens?\b|ссыл|аффили"
    r"|リンク|アフィリ|アソシエイト|链接|連結|联盟|聯盟",
    re.IGNORECASE,
)
"""What a notice on links names beside money: links, buying, a shop; without it, somebody else earns."""

_QUOTED = re.compile('["“„«「『]')
"""How a notice begins that somebody only quotes."""

_DATE = re.compile(r"\b\d{1,4}([./-])\d{1,2}\1\d{1,4}\b")


@detector("legal-notices")
def legal_notices(document: Document) -> Iterator[Evidence]:
    """Copyright lines, terms of use, who built the site.

    Bad:  © 2021 Example Media. All rights reserved.
    Good: Copyright was extended to seventy years, which the publishers had asked for since 1990.
    """
    for index in document.phrases.get("legal", ()):
        outside = index not in document.body
        if outside or not document.prose[index]:
            weight = STRONG + HINT if outside else STRONG
            yield Evidence(index, Label.NON_CONTENT, weight, "legal-notices", "a legal notice")


@detector("contact-lines")
def contact_lines(document: Document) -> Iterator[Evidence]:
    """Addresses, telephone numbers and e-mail outside the article.

    Bad:  Tel: 555 0199 / editor@paper.example
    Good: Call 555 0199 or write to cat@paper.example if you have seen the cat.
    """
    named = frozenset(document.phrases.get("contact", ()))
    shown = {index for index, count in enumerate(map(len, document.signs)) if count >= PHONE_DIGITS}
    if "@" in document.joined:
        shown.update(index for index, signs in enumerate(document.signs) if b"@" in signs)
    for index in sorted(named | shown):
        outside = index not in document.body and not document.prose[index]
        if outside and (index in named or _holds_contact(document, index)):
            yield Evidence(index, Label.NON_CONTENT, LIKELY, "contact-lines", "contact details")


def _holds_contact(document: Document, index: int) -> bool:
    text = document.texts[index][:LINE_HEAD]
    if b"@" in document.signs[index]:
        return _MAIL.search(text) is not None
    return index != document.title_line and _PHONE.search(_DATE.sub("", text)) is not None


@detector("consent-notices")
def consent_notices(document: Document) -> Iterator[Evidence]:
    """Notices about cookies and privacy.

    Bad:  We use cookies to improve your visit.
    Good: The cookies were still warm when the jury met for the first time.
    """
    for index in document.phrases.get("consent", ()):
        told = index in document.body and document.words[index] > SHORT
        weight = HINT if told else STRONG + HINT
        yield Evidence(index, Label.NON_CONTENT, weight, "consent-notices", "a notice about cookies or privacy")


@detector("newsletter-calls")
def newsletter_calls(document: Document) -> Iterator[Evidence]:
    """Calls to subscribe to a newsletter.

    Bad:  Sign up for our newsletter and never miss a story.
    Good: The newsletter of the club told its members a year later.
    """
    for index in document.phrases.get("newsletter", ()):
        weight = STRONG if document.words[index] <= SHORT or index not in document.body else HINT
        yield Evidence(index, Label.NON_CONTENT, weight, "newsletter-calls", "a call to subscribe")


@detector("advert-markers")
def advert_markers(document: Document) -> Iterator[Evidence]:
    """Markers of advertisements.

    Bad:  Advertisement / Story continues below
    Good: Advertising in the valley is a trade of its own.
    """
    for index in document.phrases.get("advert", ()):
        if not document.prose[index]:
            yield Evidence(index, Label.NON_CONTENT, STRONG, "advert-markers", "marks an advertisement")


@detector("affiliate-disclosures")
def affiliate_disclosures(document: Document) -> Iterator[Evidence]:
    """Notices that the page earns by its links.

    Bad:  We may earn a commission when you buy through links on our site.
    Good: “We earn a commission on each of the forty houses,” the agent told the court.
    """
    for index in document.phrases.get("disclosure", ()):
        text = document.texts[index]
        if _SHOP.search(text) and not _QUOTED.search(text):
            weight = STRONG if document.words[index] <= NOTICE_WORDS else HINT
            yield Evidence(index, Label.NON_CONTENT, weight, "affiliate-disclosures", "says that its links earn money")
