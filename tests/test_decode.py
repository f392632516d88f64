"""Bytes to text: the order of evidence, the traps of the web, damage, and what is no text at all."""

from __future__ import annotations

import codecs
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from scrubber.decode import Decoded, decode, encoding_of, read
from scrubber.errors import BinaryInput

SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("*.txt"))
RUSSIAN = "Вчера утром снова открылась оранжерея. Садовник угощал всех чаем с вареньем, и никто не спешил домой.\n"
FRENCH = "Le marché a rouvert ses portes après deux années de travaux, dès l’aube et malgré la gelée.\n"
CHINESE = "昨天早上，河边的老图书馆重新开放了。居民们一大早就来排队，馆员给大家准备了热茶。\n"
JAPANESE = "昨日の朝、川のそばの古い図書館がふたたび開きました。町の人たちは並んで待っていました。\n"
KOREAN = "어제 아침 강가의 오래된 도서관이 다시 문을 열었다. 주민들은 줄을 서서 기다렸다.\n"
ARABIC = "افتتحت صباح أمس المكتبة القديمة المطلة على النهر بعد ترميم طويل، ووقف السكان في الصف.\n"
THAI = "เมื่อวานนี้ห้องสมุดเก่าริมแม่น้ำเปิดให้บริการอีกครั้ง ชาวบ้านมารอกันตั้งแต่เช้า\n"
HINDI = "कल सुबह नदी के किनारे का पुराना पुस्तकालय फिर से खुल गया। लोग सुबह से ही कतार में खड़े थे।\n"
SCRIPTS = [FRENCH, RUSSIAN, CHINESE, JAPANESE, KOREAN, ARABIC, THAI, HINDI]
LABELLED = [
    ("windows-1252", "cp1252", FRENCH),
    ("windows-1251", "cp1251", RUSSIAN),
    ("koi8-r", "koi8-r", RUSSIAN),
    ("windows-1256", "cp1256", ARABIC),
    ("windows-874", "cp874", THAI),
    ("gb18030", "gb18030", CHINESE),
    ("shift_jis", "cp932", JAPANESE),
    ("euc-jp", "euc_jp", JAPANESE),
    ("iso-2022-jp", "iso2022_jp", JAPANESE),
    ("euc-kr", "cp949", KOREAN),
]


def encodable(text: str, codec: str) -> bool:
    """Tell whether a codec can write a text."""
    try:
        text.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def seed_cases() -> list[object]:
    """Pair each seed with every encoding that can write it."""
    marks = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE, "utf-8": codecs.BOM_UTF8}
    plain = [("utf-16-le", b""), ("utf-16-be", b""), ("cp1252", b""), ("cp1256", b""), ("utf-8", b"")]
    return [
        pytest.param(path, codec, mark, id=f"{path.stem[:3]}-{codec}{'-bom' * bool(mark)}")
        for path in SEEDS
        for codec, mark in [*plain, *marks.items()]
        if encodable(path.read_text("utf-8"), codec)
    ]


@pytest.mark.parametrize(("path", "codec", "mark"), seed_cases())
def test_a_damaged_seed_comes_back_exactly(path: Path, codec: str, mark: bytes) -> None:
    """Each seed survives every encoding that can write it, undeclared."""
    text = path.read_bytes().decode()
    found = decode(mark + text.encode(codec))
    assert (found.text, found.flags) == (text, ())


@pytest.mark.parametrize("text", SCRIPTS)
@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_text_without_a_mark_is_seen_in_every_script(text: str, codec: str) -> None:
    """NUL bytes alone do not tell UTF-16 in Chinese; blanks, line ends and control bytes do."""
    found = decode((text * 3).encode(codec))
    assert (found.text, found.source) == (text * 3, "nul-parity")


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_mark_outweighs_the_header_and_leaves_the_text(codec: str) -> None:
    """The mark decides, and is not part of the text."""
    found = decode(("\ufeff" + RUSSIAN).encode(codec), "text/html; charset=iso-8859-1")
    assert (found.text, found.source) == (RUSSIAN, "bom")


def test_a_mark_in_front_of_another_encoding_is_dropped() -> None:
    """A UTF-8 mark that a template put before a windows-1251 page does not make it UTF-8."""
    found = decode(codecs.BOM_UTF8 + (RUSSIAN * 3).encode("cp1251"))
    assert (found.text, found.encoding) == (RUSSIAN * 3, "windows-1251")


@pytest.mark.parametrize(("said", "codec", "text"), LABELLED)
def test_header_and_meta_are_believed(said: str, codec: str, text: str) -> None:
    """Where the bytes fit, a declaration is taken from either place."""
    header = decode(text.encode(codec), f"text/html; charset={said}")
    page = f"<meta charset='{said}'>{text}"
    assert (header.text, header.encoding) == (text, said)
    assert decode(page.encode(codec)).text == page


@pytest.mark.parametrize(("said", "codec", "text"), LABELLED)
def test_undeclared_text_is_detected(said: str, codec: str, text: str) -> None:
    """The detector sees only what is not ASCII, so a long menu in front does no harm."""
    page = "<a href='/news'>News of the day</a>\n" * 400 + text * 4
    assert decode(page.encode(codec)).text == page


@pytest.mark.parametrize(
    ("said", "codec", "extra"),
    [
        ("gb2312", "gb18030", "朱镕基"),
        ("gbk", "gb18030", "𠮷"),
        ("shift_jis", "cp932", "①髙"),
        ("euc-jp", "euc_jis_2004", "①"),
        ("euc-kr", "cp949", "뷁"),
        ("big5", "big5hkscs", "喺咗"),
        ("iso-8859-1", "cp1252", "“é”"),
        ("us-ascii", "cp1252", "“é”"),
        ("iso-8859-9", "cp1254", "“ş”"),
        ("tis-620", "cp874", "“ก”"),
    ],
)
def test_a_label_means_its_superset(said: str, codec: str, extra: str) -> None:
    """Pages say gb2312 and write gbk; so it is with each of these."""
    page = f"<meta charset={said}>{extra}"
    assert decode(page.encode(codec)).text == page


def test_undefined_windows_1252_bytes_are_control_characters() -> None:
    """The five holes of windows-1252 are C1 characters on the web."""
    found = decode(b"<meta charset=latin1>\x81\x8d\x8f\x90\x9d")
    assert found.text.endswith("\x81\x8d\x8f\x90\x9d")
    assert found.flags == ()


@pytest.mark.parametrize(
    "decoy",
    [
        "<!-- <meta charset=shift_jis> -->",
        "<meta name=description content='charset=shift_jis'>",
        "<p title='<meta charset=shift_jis>'>",
        "<metadata charset=shift_jis>",
        "<? <meta charset=shift_jis>",
        "<meta charset=no-such-thing>",
        "charset=shift_jis",
    ],
)
def test_a_decoy_is_passed_over(decoy: str) -> None:
    """Only a real `<meta>` declares."""
    page = f"{decoy}<meta charset=koi8-r>Мост"
    found = decode(page.encode("koi8-r"))
    assert (found.text, found.encoding) == (page, "koi8-r")


@pytest.mark.parametrize(
    "meta",
    [
        "<META HTTP-EQUIV='Content-Type' CONTENT='text/html; charset=koi8-r'>",
        "<meta content='text/html;charset=koi8-r' http-equiv=content-type>",
        '<meta/charset = "koi8-r"/>',
        "<!--><meta charset=koi8-r>",
        "<script>var a = '<meta charset=koi8-r>';</script>",
        f"<script>{' ' * 8000}</script><meta charset=koi8-r>",
        "<?xml version='1.0' encoding='koi8-r'?>",
    ],
)
def test_a_declaration_is_found_in_every_form(meta: str) -> None:
    """As browsers do it, and further down than they look."""
    assert decode(f"{meta}Мост".encode("koi8-r")).text == f"{meta}Мост"


def test_utf16_in_a_meta_means_utf8() -> None:
    """A page that can be read so far is not UTF-16."""
    found = decode("<meta charset=utf-16>Žluť\xff".encode("latin-1", "ignore") + "Žluťoučký kůň – ještě".encode())
    assert (found.encoding, found.source) == ("utf-8", "mostly-utf-8")


@pytest.mark.parametrize(
    "header", ["charset=utf-8", "charset=iso-8859-1", "charset=x", "charset=", "text/html", ";;\ufffd"]
)
def test_a_wrong_header_does_no_harm(header: str) -> None:
    """Valid UTF-8 is UTF-8; a page that is not does not become it."""
    assert decode(RUSSIAN.encode(), header).text == RUSSIAN
    found = decode((RUSSIAN * 3).encode("cp1251"), header)
    assert (found.text, found.encoding) == (RUSSIAN * 3, "windows-1251")


def test_an_overruled_declaration_is_flagged_and_explained() -> None:
    """Both what was said and what the letters say are in the reason."""
    found = decode((RUSSIAN * 3).encode("koi8-r"), "text/html; charset=windows-1251")
    assert found.flags == ("wrong_declaration",)
    assert "koi8-r" in found.reason
    assert "'windows-1251' in the transport's header" in found.reason


def test_two_declarations_are_weighed_by_the_text() -> None:
    """A server's default does not outweigh what the author wrote."""
    page = f"<meta charset=windows-1251>{RUSSIAN}"
    assert decode(page.encode("cp1251"), "text/html; charset=iso-8859-1").text == page


def test_two_declarations_of_mere_punctuation() -> None:
    """Nothing to weigh them by: the header's stands."""
    found = decode(b"<meta charset=koi8-r>It\x92s", "charset=windows-1251")
    assert (found.text[-4:], found.encoding) == ("It’s", "windows-1251")


@pytest.mark.parametrize("line", ["Café Müller", "“Quoted” – it’s", "£5 at 31°", "Zoë, São Paulo, façade"])
def test_a_few_western_letters_are_windows_1252(line: str) -> None:
    """Too little for statistics, and common: English with a name or a curly quote."""
    text = f"Nothing happened on the road.\n{line}\n" * 2
    assert decode(text.encode("cp1252")).text == text


@pytest.mark.parametrize(("codec", "line"), [("cp1256", ARABIC), ("cp1251", RUSSIAN), ("cp932", JAPANESE)])
def test_one_foreign_line_is_enough(codec: str, line: str) -> None:
    """English text is the same in most encodings; the one line that is not decides."""
    text = "The council met. It was a long day.\n" * 40 + line
    assert decode(text.encode(codec)).text == text


def test_one_arabic_line_among_curly_quotes() -> None:
    """Quotes and dashes are alike in all windows encodings and do not drown the Arabic."""
    text = "The council’s day was long – “too long”.\n" * 40 + ARABIC
    assert decode(text.encode("cp1256")).text == text


def test_a_cut_tail_is_flagged_and_the_rest_is_right() -> None:
    """A crawler's size limit falls inside a character."""
    found = decode(RUSSIAN.encode()[:-3])
    assert (found.text, found.flags) == (RUSSIAN[:-3] + "\ufffd", ("truncated",))
    assert decode(CHINESE.encode("gbk")[:-2], "charset=gbk").text == CHINESE[:-2] + "\ufffd"


def test_one_bad_byte_costs_one_character() -> None:
    """The page stays UTF-8, whatever its header says."""
    raw = RUSSIAN.encode()
    found = decode(raw.replace(b" ", b" \xff", 1), "text/html; charset=windows-1251")
    assert found.text.replace("\ufffd", "") == RUSSIAN
    assert (found.source, found.flags) == ("mostly-utf-8", ("undecodable_bytes",))


def test_a_windows_1252_line_inside_utf8_is_read() -> None:
    """A comment or a footer pasted in from elsewhere."""
    found = decode((FRENCH * 4).encode() + FRENCH.encode("cp1252") + FRENCH.encode())
    assert (found.text, found.flags) == (FRENCH * 6, ("mixed_encodings",))


def test_escape_sequences_alone_make_iso_2022() -> None:
    """All of it is ASCII to look at; terminal colours are not an encoding."""
    assert decode(JAPANESE.encode("iso2022_jp")).text == JAPANESE
    assert decode(KOREAN.encode("iso2022_kr")).text == KOREAN
    assert decode(CHINESE.encode("hz")).text == CHINESE
    assert decode(b"\x1b[31mred\x1b[0m ~{a,b}").encoding == "ascii"


MAGIC = {
    "PDF": b"%PDF-1.7\n1 0 obj << /Type /Catalog >>",
    "JPEG": b"\xff\xd8\xff\xe0\0\x10JFIF",
    "PNG": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "GIF": b"GIF89a\x01\0\x01\0\x80",
    "WebP": b"RIFF\x24\x08\0\0WEBPVP8 ",
    "RIFF": b"RIFF\x24\x08\0\0WAVEfmt ",
    "MP4": b"\0\0\0\x20ftypisom\0\0\2\0",
    "ZIP": b"PK\x03\x04\x14\0\0\0",
    "gzip": b"\x1f\x8b\x08\0\0\0",
    "bzip2": b"BZh91AY&SY\x01",
    "zstandard": b"\x28\xb5\x2f\xfd\x04",
    "xz": b"\xfd7zXZ\0\0\4",
    "7z": b"7z\xbc\xaf\x27\x1c\0",
    "RAR": b"Rar!\x1a\x07\0",
    "ELF": b"\x7fELF\2\1\1\0",
    "OLE": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0",
    "TIFF": b"II*\0\x08\0\0\0",
    "SQLite": b"SQLite format 3\0\x10",
    "Ogg": b"OggS\0\2",
    "MP3": b"ID3\x03\0\0",
    "Windows program": b"MZ\x90\0\3\0\0\0",
    "font": b"wOF2\0\1\0\0",
    "WebAssembly": b"\0asm\1\0\0\0",
}


@pytest.mark.parametrize(("name", "content"), MAGIC.items(), ids=MAGIC)
def test_a_binary_format_is_refused_by_name(name: str, content: bytes) -> None:
    """The message says what it looks like and what to do; the header does not matter."""
    with pytest.raises(BinaryInput, match=rf"looks like .*{name}.*not text: \w+"):
        decode(content + bytes(200), "text/html; charset=utf-8")


def test_noise_is_refused() -> None:
    """Bytes of no known format, but with far more control bytes than text has."""
    with pytest.raises(BinaryInput, match="control bytes"):
        decode(b"".join(sha256(bytes([n])).digest() for n in range(128)))
    with pytest.raises(BinaryInput, match="control bytes"):
        decode(bytes(4000))


@pytest.mark.parametrize(
    "text",
    [
        "GIF89a is a format.",
        "PK is a knockout.",
        "MZ was his name",
        "RIFF raff",
        "BZh? No.",
        "a\0b c",
        "\x01",
        "\x7f",
        "%PDF",
    ],
)
def test_text_that_only_resembles_a_format_is_text(text: str) -> None:
    """The bare letters of a signature, or a stray control byte, refuse nothing."""
    assert decode(text.encode()).text == text


@pytest.mark.parametrize("start", ["<!DOCTYPE html><html>", "\n<html lang=en>", "<?xml version='1.0'?>", "<!-- a -->"])
@pytest.mark.parametrize("damage", ["abc\0", "a\0", "\0\0\0\1", "\x01"])
def test_nuls_in_a_page_of_single_bytes_are_damage(start: str, damage: str) -> None:
    """Its first tag tells that it has one byte a character and is no binary data."""
    page = f"{start}{damage * 1000}<p>The bridge is closed.</p>"
    found = decode(page.encode())
    assert (found.text, found.encoding) == (page, "ascii")


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_wide_page_is_still_seen_by_its_zero_bytes(codec: str) -> None:
    """The first tag of a page in UTF-16 or UTF-32 has zero bytes between its letters."""
    page = "<!DOCTYPE html><html><p>The bridge is closed.</p></html>"
    assert decode(page.encode(codec)).text == page


@pytest.mark.parametrize(
    ("written", "text", "flags"),
    [
        ("a \ud83d b", "a \ufffd b", ("undecodable_bytes",)),
        ("\udfff \ud800 " * 9 + ".", "\ufffd \ufffd " * 9 + ".", ("undecodable_bytes",)),
        ("caf\u00e9 \ud83d", "caf\u00e9 \ufffd", ("truncated",)),
        ("\ud83d\ude00!", "\U0001f600!", ()),
    ],
)
def test_utf8_with_surrogates_stays_utf8(written: str, text: str, flags: tuple[str, ...]) -> None:
    """Halves of characters, as some programs write them, are lost, or one character where both are there."""
    found = decode(written.encode("utf-8", "surrogatepass"))
    assert (found.text, found.encoding, found.flags) == (text, "utf-8", flags)


def test_a_dash_behind_a_russian_word_is_no_surrogate() -> None:
    """Its bytes in windows-1251 are those of half a character; the rest of the text is no UTF-8."""
    text = "\u043e\u043d\xa0\u2014 \u043d\u0435 \u0434\u043e\u043c\u0430"
    assert decode(text.encode("cp1251"), "text/plain; charset=windows-1251").text == text


def test_nothing_is_an_empty_text() -> None:
    """No bytes, no characters, no error."""
    assert decode(b"") == Decoded("", "ascii", "ascii", "plain ASCII")


def attempt(content: bytes, content_type: str | None = None) -> Decoded | str:
    """Decode, or give the message of the one error that is allowed."""
    try:
        return decode(content, content_type)
    except BinaryInput as error:
        return str(error)


HEADERS = st.one_of(st.none(), st.sampled_from([said for said, _, _ in LABELLED]).map("charset={}".format), st.text())


@given(content=st.binary(), header=HEADERS)
@example(content=b"\xff\xfe\x00", header=None)
@example(content=b"\xff\xfe\x00\x00\x41", header=None)
@example(content=b"\xef\xbb\xbf\xff", header=None)
@example(content=b'<meta charset="', header=None)
@example(content=b"<meta charset=replacement>\xe9", header="charset=x-user-defined")
@example(content=b"~{~}~{!!!!!!!!~}", header=None)
def test_any_bytes_give_text_or_the_one_error(content: bytes, header: str | None) -> None:
    """Total and deterministic, and the text has no broken surrogates."""
    found = attempt(content, header)
    assert found == attempt(content, header)
    if isinstance(found, Decoded):
        found.text.encode()
        assert found.reason


@given(
    pieces=st.lists(
        st.sampled_from([*(text.encode() for text in SCRIPTS), b"<", b"<!--", b"\xe9", b"\xc3", b"\x1b$B", b"\0"])
    )
)
def test_spliced_bytes_give_text_or_the_one_error(pieces: list[bytes]) -> None:
    """Text with damage in it is nearer to real pages than random bytes are."""
    found = attempt(b"".join(pieces))
    assert isinstance(found, str) or found.text.encode() is not None


@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_utf8_comes_back_whatever_is_declared(text: str) -> None:
    """Valid UTF-8 is never taken for anything else."""
    assume(not text.startswith("\ufeff") and "~{" not in text and "%PDF" not in text)
    assert decode(text.encode(), "charset=koi8-r").text == text


@given(data=st.data())
def test_declared_text_comes_back(data: st.DataObject) -> None:
    """Any stretch of a text, in an encoding that is declared; a few characters may be valid UTF-8 by chance."""
    said, codec, text = data.draw(st.sampled_from(LABELLED))
    start = data.draw(st.integers(0, len(text) - 1))
    raw = text[start : data.draw(st.integers(start + 1, len(text)))].encode(codec)
    assume(codec == "iso2022_jp" or decode(raw).source not in ("utf-8", "ascii"))
    assert decode(raw, f"text/plain; charset={said}").text == raw.decode(codec)


@given(content=st.binary(max_size=64))
def test_every_web_encoding_can_be_read(content: bytes) -> None:
    """Whatever label is known, reading in it gives text and a count of what is broken."""
    for label in (
        "iso-8859-8-i",
        "x-mac-cyrillic",
        "windows-1253",
        "ibm866",
        "koi8-u",
        "big5",
        "iso-2022-jp",
        "x-user-defined",
    ):
        reading = read(content, encoding_of(label) or "")
        assert 0 <= reading.broken <= len(reading.text)


HOSTILE = {
    "ASCII": b"a" * 64,
    "high bytes": b"\xe9" * 64,
    "tags": b"<a\xe9" * 16,
    "meta": b"<meta charset=" * 5,
    "broken UTF-8": "дом ".encode() * 9 + b"\xd0",
    "braces": b"~{!!~{" * 10,
    "escapes": b"\x1b$B!!" * 10,
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
def test_time_grows_with_length_only(piece: bytes) -> None:
    """Eight times the bytes take at most twenty times as long; quadratic would be sixty-four."""

    def seconds(content: bytes) -> float:
        def once() -> float:
            begin = time.process_time()
            attempt(content)
            return time.process_time() - begin

        return min(once() for _ in range(3))

    small = piece * (100_000 // len(piece))
    seconds(small)
    assert seconds(small * 8) < 20 * seconds(small) + 0.05


def test_importing_is_light() -> None:
    """The detector and the label table load only for the pages that need them."""
    script = (
        "import sys; sys.modules.pop('chardet', None); import importlib.util as u; "
        "spec = u.find_spec('scrubber.decode'); before = set(sys.modules); import scrubber.decode as d; "
        "d.decode('caf\u00e9'.encode()); print(sorted({'chardet', 'cchardet'} & (set(sys.modules) - before)))"
    )
    root = Path(__file__).parent.parent
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root)  # our own script
    assert done.stdout.strip() == "[]"
