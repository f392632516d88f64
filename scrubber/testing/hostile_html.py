"""Families of hostile HTML: each makes a page of about `size` characters that has broken some tool.

`PAGES` end in an article that must still be there; in `UNCLOSED` something that is never closed swallows it for
browsers too; `REFUSED` are bytes of other kinds that are served as HTML.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from types import MappingProxyType

from scrubber.testing.hostile import ARTICLE, Family, repeated

NAUGHTY = (
    *("undefined", "NaN", "1/0", "0x0", "-1.0E+02", "\u03a9\u2248\u00e7\u221a", "\u0434\u0430", "\u202etest\u202c"),
    *(
        "\u0301\u0488\u20e3",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",
        "\ufdfa",
        "\ufeff",
        "\u180e",
        "&lt;script&gt;",
    ),
    *(
        "<script>alert(0)</script>",
        "<img src=x onerror=alert(1)>",
        "' OR 1=1 --",
        "{% print 'x' %}",
        "${{7*7}}",
        "%n%s",
    ),
    *("../../etc/passwd", "$HOME", "`ls`", "\x1b[31mred", "\u0000", "\ud83d\ude00"[:1], "(\u256f\u00b0\u25a1\u00b0)"),
)
"""Strings of the kinds that break programs: values, scripts, markup, injections, controls, halves of characters."""


def around(unit: str, before: str = "", after: str = "") -> Family:
    """Return the family of one unit over and over in a page, with an article below."""
    return lambda size: f"<html><body>{before}{unit * max(size // len(unit), 1)}{after}<p>{ARTICLE}</p></body></html>"


def closed(opening: str, closing: str) -> Family:
    """Return the family of elements that are nested and all closed again."""
    return lambda size: nest(opening, closing, size // (len(opening) + len(closing)))


def nest(opening: str, closing: str, depth: int) -> str:
    """Return a page with elements so deep in each other, and an article below."""
    return f"<html><body>{opening * depth}{closing * depth}<p>{ARTICLE}</p></body></html>"


def attributes(written: str) -> Family:
    """Return the family of one tag with numbered attributes."""

    def page(size: int) -> str:
        count = size // (len(written) + 3)
        return f"<html><body><p {' '.join(written.format(number) for number in range(count))}>a</p><p>{ARTICLE}</p>"

    return page


def numbered(unit: str, *, before: str = "", rest: str = "") -> Family:
    """Return the family of one unit with a number, in half of a page, and another without below."""

    def page(size: int) -> str:
        units = "".join(unit.format(number) for number in range(size // 2 // len(unit)))
        return f"<html><body>{before}{units}{rest * (size // 2 // max(len(rest), 1))}<p>{ARTICLE}</p></body></html>"

    return page


def words(*units: str) -> Family:
    """Return the family of a paragraph of some words over and over, as the page's text has them."""
    return around(" ".join(units) + " ", "<p>", "</p>")


PAGES: Mapping[str, Family] = MappingProxyType(
    {
        "one-line": words("word"),
        "blank-lines": around("\n", "<p>a", "</p>"),
        "crlf-lines": around("word\r\n", "<p>", "</p>"),
        "identical-lines": around("<p>The same again.</p>\n"),
        "inline-nodes": around("<i>a</i> "),
        "links": around('<a href="/a">b</a> '),
        "images": around("<img src=a.gif>"),
        "siblings": around("<p>one two</p>"),
        "siblings-all-different": lambda size: around("".join(map("<p class=c{0}>w{0}</p>".format, range(size // 24))))(
            1
        ),
        "divs-closed": closed("<div>a", "</div>"),
        "divs-unclosed": around("<div>a"),
        "divs-with-classes": closed("<div class='a b' id=c>a", "</div>"),
        "spans-closed": closed("<span>a", "</span>"),
        "spans-unclosed": around("<span>a"),
        "links-closed": closed("<b><a href=x>a</b>", ""),
        "tables-closed": closed("<table><tr><td>a", "</table>"),
        "tables-unclosed": around("<table><tr><td>a"),
        "tables-side-by-side": around("<table><tr><td>a<td>b<tr><td>c<td>d</table>"),
        "rows": around("<tr><td>a<td>b", "<table>", "</table>"),
        "cells": around("<td>a", "<table><tr>", "</table>"),
        "foster-parents": around("<tr>a", before="<table>", after="</table>"),
        "lists-closed": closed("<ul><li>a", "</ul>"),
        "lists-unclosed": around("<ul><li>a"),
        "items": around("<li>a"),
        "quotes-closed": closed("<blockquote>a", "</blockquote>"),
        "quotes-unclosed": around("<blockquote>a"),
        "custom-elements": closed("<x-y>a", "</x-y>"),
        "misnested": around("<b><i>a</b>b</i> "),
        "formatting-unclosed": around("<p><b>a"),
        "formatting-waiting": numbered("<b id={}>", before="<p>", rest="<p>a"),
        "formatting-strays": numbered("<p><b id={}></div>a"),
        "formatting-in-scripts": numbered("<p><b id={}><script></b></script>a"),
        "stray-ends": around("</div></i>"),
        "stray-ends-between": around("<div></x>a"),
        "long-names": around(f"<{'x' * 40}>a"),
        "line-breaks": around("a<br>"),
        "headings": around("<h1>a</h1>"),
        "hidden": closed("<div hidden>a", "</div>"),
        "hidden-words": around("<i hidden>a</i>b ", "<p>", "</p>"),
        "code": around("if a:\n\n    b\n", "<pre>", "</pre>"),
        "code-short": around("a\n", "<pre>", "</pre>"),
        "templates": closed("<template>a", "</template>"),
        "svg": closed("<svg><g>a", "</g></svg>"),
        "forms": around("<form><input><select><option>a</select></form>"),
        "attributes": attributes("a{}=1"),
        "attributes-quoted": attributes("a{}='<>'"),
        "attributes-everywhere": around("<p a b c d e f g h i j k l>a</p>"),
        "attribute-long": around("a", "<p title='", "'>b</p>"),
        "attribute-blank": around(" ", "<p ", ">b</p>"),
        "class-names": around("a ", "<p class='", "'>b</p>"),
        "data-uri": around("iVBORw0KGgo", '<img src="data:image/png;base64,', '">'),
        "entities": around("&amp;&lt;&#38;&notin;&bogus;"),
        "entity-overflow": around("&#99999999999999999999;"),
        "entity-bomb": lambda size: (
            "<!DOCTYPE html [<!ENTITY a 'aaaa'>"
            + "".join(f"<!ENTITY e{number} '&a;&a;'>" for number in range(size // 25))
            + f"<!ENTITY x SYSTEM 'file:///etc/passwd'>]><html><body><p>&x;&e9;</p><p>{ARTICLE}</p></body></html>"
        ),
        "comments": around("<!-- a -->"),
        "comment-signs": around("<!--->--!>"),
        "cdata": around("<![CDATA[a]]>"),
        "doctypes": around("<!DOCTYPE html>"),
        "instructions": around("<?xml a?>"),
        "json-ld": around('<script type="application/ld+json">{"headline":"a"}</script>'),
        "json-ld-deep": around("[", '<script type="application/ld+json">', "</script>"),
        "meta": around("<meta property=og:title content=a>"),
        "titles": around("<div>a b c</div>", "<title>a b c d</title>"),
        "scripts": around("<script>if (a<b) c</script>"),
        "nuls": around("abc\0"),
        "lone-surrogates": words("a\ud800b", "\udfff"),
        "byte-order-marks": words("a\ufeffb"),
        "bidi-controls": words("\u202ea\u202c", "\u2066b\u2069"),
        "zero-width": words("a\u200bb\u200c\u2060"),
        "combining-sorted": words("a" + "\u0316" * 9 + "\u0301" * 9),
        "combining-unsorted": words("a" + "\u0301\u0316" * 9),
        "combining-run": around("\u0301", "<p>a", "</p>"),
        "regex-signs": around("!", "<p>aaaa", "</p>"),
        "regex-blanks": around(" ", "<p>a", "b</p>"),
        "regex-dashes": around("-", "<p>a", "b</p>"),
        "regex-addresses": words("a@"),
        "less-than": around("< ", "<p>", "</p>"),
        "mojibake": words("It\u00e2\u20ac\u2122s", "\u00c3\u0192\u00c2\u00a9"),
        "naughty": words(*NAUGHTY),
    }
)
"""Pages that end in an article."""

UNCLOSED: Mapping[str, Family] = MappingProxyType(
    {
        "comment": around("a ", "<!-- "),
        "title": around("a ", "<title>"),
        "script": around("a ", "<script>"),
        "scripts-unclosed": around("<script>"),
        "plaintext": around("a ", "<plaintext>"),
        "tag": around("a ", "<p title='"),
        "quotes": around("<a b='<"),
        "tags-unclosed": repeated("<p "),
        "less-than-signs": repeated("<"),
        "ampersands": repeated("&#"),
        "blank": repeated(" \n"),
        "comments-only": repeated("<!-- a -->"),
    }
)
"""Pages in which something that is never closed swallows the rest, or that never had an article."""


def _cut(encoding: str) -> Callable[[int], bytes]:
    """Return the family of an article over and over in an encoding, the last byte missing."""
    return lambda size: f"<html><p>{ARTICLE} \u00e9\u20ac</p>{f'<p>{ARTICLE}</p>' * (size // 110)}\u20ac".encode(
        encoding
    )[:-1]


ENCODED: Mapping[str, Callable[[int], bytes]] = MappingProxyType(
    {
        "truncated-utf-8": _cut("utf-8"),
        "truncated-utf-16": _cut("utf-16"),
        "mixed-encodings": lambda size: (
            b"<html>" + f"<p>{ARTICLE} \u00e9</p>\n".encode() * (size // 110) + b"<p>\xe9t\xe9</p>"
        ),
        "utf-7": lambda size: f"<html><p>{ARTICLE}</p>".encode() + b"+ADw-script+AD4-" * (size // 16),
    }
)
"""Pages as bytes, whose encoding is damaged; the article is at the top."""

REFUSED: Mapping[str, Callable[[int], bytes]] = MappingProxyType(
    {
        "pdf": lambda size: b"%PDF-1.7\n" + b"1 0 obj\n<< >>\nendobj\n" * (size // 21),
        "jpeg": lambda size: b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(range(256)) * (size // 256),
        "zip": lambda size: b"PK\x03\x04\x14\x00" + bytes(range(256)) * (size // 256),
        "elf": lambda size: b"\x7fELF\x02\x01\x01" + bytes(range(256)) * (size // 256),
        "gzip": lambda size: gzip.compress(b"<p>a</p>" * size, 9, mtime=0),
    }
)
"""Bytes that are no page: a documented error, whatever the content type says."""
