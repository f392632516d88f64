"""Characters by what they do in damaged text: the sets that the gate and the steps are made of, as in `[...]`."""

from __future__ import annotations

# Groups of characters as ftfy's heuristic has them (ftfy.badness.MOJIBAKE_CATEGORIES). They are spelled
# out so that a clean page never imports ftfy; a test holds them against the original.
BAD = "¦¤¨¬¯¸ƒˆˇ˘˛˜†‡‰⌐◊\ufffdªº"
LAW = "¶§"
CURRENCY = "¢£¥₧€"
OPENING = "¡«¿©΄΅‘‚“„•‹\uf8ff"
CLOSING = "®»˝”›™"
NUMERIC = "²³¹±¼½¾×µ÷⁄∂∆∏∑√∞∩∫≈≠≡≤≥№"
COMMON = "\xa0\xad·´–—―…’"
UPPER = "À-ÑØÜÝĂĀĄĆČĎĐĘĚĒĖĞĢİĪĶĹĽŁĻŃŇŅŒŘŚŞŠŢŤŮŰŸŹŻŽҐ"
LOWER = "ßà-ñăąāćčďđęěēėğģįīķĺľłļœŕśşšťüźżžґﬁﬂ"
BOX = "│┌┐┘├┤┬┼═-╬▀▄█▌▐░▒▓"
FACES = "Ò-ÖÙ-Üò-öø-üŐŌŪŲ°"
WIDER_LOWER = "α-ωάέήίΰа-џ"
WIDER_UPPER = "ÞΑ-ΩΆΈΉΊΌΎΏΪΫЁ-Я"

BLANK = " \t\xa0\u2000-\u200a\u202f\u205f\u3000"
ODD_BLANK = "\t\xa0\u2000-\u200a\u202f\u205f\u3000"
HIDDEN_BREAK = "\n\x0b\x0c\r\x1c-\x1f\u2028\u2029"
ZERO_WIDTH = "\u200b\u2060\ufeff"
JOINER = "\u200c\u200d"
BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
RTL = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
ASTRAL_NONCHARACTER = "".join(
    map(chr, (plane + low for plane in range(0x10000, 0x110000, 0x10000) for low in (0xFFFE, 0xFFFF)))
)
NONCHARACTER = "\ufdd0-\ufdef\ufffe\uffff" + ASTRAL_NONCHARACTER
CONTROL = "\x00-\x08\x0e-\x1b\x7f\u206a-\u206f\ufff9-\ufffc" + NONCHARACTER
C1 = "\x80-\x9f"
INVISIBLE = f"{CONTROL}{C1}\x0b\x0c\x1c-\x1f\u2028\u2029\xad\ud800-\udfff{ZERO_WIDTH}{BIDI}"
ANY = BAD + LAW + CURRENCY + OPENING + CLOSING + NUMERIC + UPPER + LOWER + BOX

# Letters, digits, signs and blanks that joiners do nothing between: Latin, Greek, Cyrillic, CJK, kana, Hangul.
UNJOINED = (
    "\t\x20-\u02ff\u0370-\u0482\u048a-\u052f\u1e00-\u200a\u2010-\u2027\u202f-\u203b\u203d-\u2048\u204a-\u205f"
    "\u3000-\u302f\u3031-\u303c\u303e-\u3098\u309b-\u3296\u3298\u329a-\u9fff\uac00-\ud7a3\uff00-\uffef"
)

BLANK_SET = " \t\xa0" + "".join(map(chr, range(0x2000, 0x200B))) + "\u202f\u205f\u3000"
BIDI_SET = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
