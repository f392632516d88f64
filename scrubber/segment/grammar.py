"""How markup is written, as far as limits need to know before it is parsed: names of elements, and expressions.

Markup is bytes of UTF-8 here, which the parser reads: looking through them takes three quarters of the time of
characters.
"""

from __future__ import annotations

import re

_ENDLESS = b"area base br col embed hr img input link meta param source track wbr"
_OPTIONAL = b"p li dt dd tr td th thead tbody tfoot option optgroup colgroup rp rt html head body"
_UNSHOWN = b"audio canvas datalist head iframe math noembed noframes rp script style svg textarea title video"
_LINES = (
    b"address article aside blockquote button caption center details dialog dir div dl fieldset figcaption figure "
    b"footer form h1 h2 h3 h4 h5 h6 header hgroup legend main menu nav ol pre search section select summary table ul"
)
_DRAWN = (
    b"animate animatemotion animatetransform circle clippath defs ellipse feblend fecolormatrix fecomposite feflood "
    b"fegaussianblur femerge femergenode feoffset filter g image line lineargradient marker mask path pattern polygon "
    b"polyline radialgradient rect set stop style symbol text title tspan use"
)
_FORMATTING = b"b big code em font i nobr s small strike strong tt u"

OPTIONAL = frozenset(_OPTIONAL.split())
"""Elements that may leave their end tag out."""

UNSHOWN = frozenset(_UNSHOWN.split())
"""Elements whose text is not shown, which stay whole."""

UNCOUNTED = UNSHOWN | OPTIONAL | frozenset(_ENDLESS.split())
"""Elements that do not nest where their end tag is missing, and those that stay whole."""

LINES = frozenset(_LINES.split())
"""Elements that begin and end a line, and nest."""

LINE_ENDS = LINES | frozenset(b"p li dt dd tr td th thead tbody tfoot option optgroup br hr".split())
"""All tags that begin or end a line."""

KEPT = UNSHOWN | {b"html", b"body"}
"""Elements whose tags cost little beside what they hold, or which hold the page."""

PREFORMATTED = frozenset(b"pre listing plaintext xmp".split())
"""Elements in which line ends are shown."""

DRAWN = frozenset(_DRAWN.split())
"""Elements of drawings, which `/>` ends while nothing but these, and names with a colon, has stood in the drawing."""

FORMATTING = frozenset(_FORMATTING.split())
"""Elements that a parser opens again behind a block that ended before they did. So it does with `a`, but only one."""

NAME = r"[a-zA-Z][^\s/>]*+"
KEY = r"[^\s/>][^\s/>=]*+"
VALUE = r"""(?:"[^"]*+"?|'[^']*+'?|[^\s>"'][^\s>]*+)"""
COMMENT = r"<!--(?!-?>)[^-]*+(?:-(?!-!?>)[^-]*+)*+"
BOGUS = r"<(?:/(?![a-zA-Z])|\?|!(?!--(?!-?>)))[^>]*+>?+"
"""What ends at the next `>`, whatever stands in it: declarations, processing instructions, `<!-->` and `</ `."""

RAW_NAMES = ("script", "style", "textarea", "title", "iframe", "noembed", "noframes", "xmp")
RAW_CONTENT = {name: rf"[^<]*+(?:<(?!/(?i:{name})[\s/>])[^<]*+)*+" for name in RAW_NAMES}
"""What stands in scripts and the like, up to their end tag: no markup."""

QUOTED_ATTRIBUTES = r"""(?:\s++[^\s/>="'<]++=(?:"[^"]{0,1000}+"|'[^']{0,1000}+')){0,16}+\s*+"""
USUAL_ATTRIBUTES = r"""(?:\s++[^\s/>="'<]++="[^"]{0,1000}+"){0,16}+\s*+/?+>"""
"""What most tags have, which is read in two thirds of the time."""

_ATTRIBUTES = rf"(?:{USUAL_ATTRIBUTES}|(?:[\s/]++|{KEY}(?:\s*+=\s*+{VALUE}?+)?+)*+>)"


def raw_elements(attributes: str) -> str:
    """Return an expression for elements with raw content, up to their end tag, given one for the rest of a tag."""
    return "|".join(rf"<(?i:{name})(?=[\s/>]){attributes}{content}" for name, content in RAW_CONTENT.items())


def compiled(pattern: str) -> re.Pattern[bytes]:
    """Compile an expression for bytes."""
    return re.compile(pattern.encode())


PIECE = compiled(rf"{COMMENT}|{BOGUS}|{raw_elements(_ATTRIBUTES)}|<(/?+)({NAME}){_ATTRIBUTES}")
"""A comment or what reads as one, an element with raw content, or a tag: its sign of an end and its name.

Read as the standard has it, but in drawings and formulas, where nothing is raw."""
