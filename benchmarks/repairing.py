"""Measure the repair of text against plain ftfy: speed on clean and damaged text, and cases of mojibake.

    python benchmarks/repairing.py

Prints two Markdown tables. Speed is CPU time of one process, the median of interleaved rounds; ftfy has
the same settings and is handed the same lines. A case of mojibake is solved when the repaired line is
the invented sentence it was made from, after both sides are repaired for blanks and composition.
"""

from __future__ import annotations

import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import chain

import ftfy

from scrubber.repair import is_suspect, may_change, repair_line, undo_mojibake

SAFE = ftfy.TextFixerConfig(
    unescape_html=False, fix_latin_ligatures=False, fix_character_width=False, uncurl_quotes=False
)
LINES = 2_000  # lines of each kind; about 150,000 characters
ROUNDS = 5

SENTENCES = {
    "english": "The ferryman’s daughter said “we sail at dawn” – and so they did…",
    "french": "L’été dernier, la gare où nous étions assis fut rénovée : « enfin ! »",
    "german": "Die größte Überraschung für die Bürger war das schöne alte Rathaus.",
    "spanish": "¿Cuándo llegará el niño? Mañana, según dijo su compañera Begoña.",
    "portuguese": "A situação não é fácil: as estações estão cheias e o avô já saiu às três.",
    "italian": "Perché la città è così tranquilla? Là giù c’è già più nebbia.",
    "dutch": "De coördinator zei: “drieëntwintig ideeën zijn één te veel” – klaar.",
    "polish": "Zażółć gęślą jaźń, powiedział żółw, i poszedł na późną kolację.",
    "czech": "Příliš žluťoučký kůň úpěl ďábelské ódy u staré řeky.",
    "slovak": "Vŕba pri rieke sa kĺzala, ľudia mlčky čakali na dážď a svetlo.",
    "hungarian": "Az öreg hídőr fűtött a kályhába, és hosszú levelet írt a húgának.",
    "romanian": "Țăranul a spus că ploaia și vântul au stricat câmpul în această vară.",
    "turkish": "Yaşlı balıkçı akşamüstü ağını topladı, güneş çoktan batmıştı.",
    "danish": "Færgen sejlede til øen, og åen løb over sine bredder på én nat.",
    "swedish": "Åtta små båtar låg vid bryggan när mörkret föll över sjön.",
    "icelandic": "Þegar bóndinn kom heim var ærin farin yfir fjallið og áin ísuð.",
    "latvian": "Vecā dzirnavniece stāstīja, ka šķūnī ēd zirgi un rūķi.",
    "lithuanian": "Žvejys išplaukė anksti rytą, kai ežeras dar buvo užšalęs.",
    "croatian": "Đak je išao šumom, žurio kući i čuo kako ćuk huče.",
    "vietnamese": "Buổi sáng hôm ấy, bà cụ ngồi đợi chuyến đò đầu tiên qua sông.",
    "russian": "Старый паромщик сказал: «завтра утром мы отплываем» — и ушёл домой.",
    "ukrainian": "Їжак поїхав до річки, а ґава чекала біля старої криниці.",
    "bulgarian": "Дъждът спря, щом влакът излезе от тунела и всички се засмяха.",
    "greek": "Η γιαγιά είπε ότι το καράβι φεύγει νωρίς το πρωί από το νησί.",
    "arabic": "قال الصياد العجوز إن القارب سيبحر عند الفجر، ثم عاد إلى بيته.",
    "persian": "پیرمرد می‌خواهد فردا صبح زود به آن سوی رودخانه برود.",
    "hebrew": "הדייג הזקן אמר שהסירה תצא עם שחר וחזר לביתו.",
    "hindi": "बूढ़े नाविक ने कहा कि नाव सुबह जल्दी निकलेगी।",
    "thai": "ชาวประมงบอกว่าเรือจะออกแต่เช้ามืดพรุ่งนี้",
    "chinese": "老船夫说，明天清晨我们就出发，然后他慢慢走回了家。",
    "japanese": "年老いた船頭は「明日の夜明けに出る」と言って家に帰った。",
    "korean": "늙은 뱃사공은 내일 새벽에 떠난다고 말하고 집으로 돌아갔다.",
    "emoji": "Off we go 🚢🌊 — see you at the café ☕!",
}
WESTERN = ("latin-1", "sloppy-windows-1252", "macroman", "cp437")
CYRILLIC_CODECS = ("sloppy-windows-1251",)
CENTRAL = ("sloppy-windows-1250", "iso-8859-2")
WRONG_CODECS = {
    **dict.fromkeys(SENTENCES, WESTERN),
    **dict.fromkeys(("russian", "ukrainian", "bulgarian", "english", "german", "emoji"), WESTERN + CYRILLIC_CODECS),
    **dict.fromkeys(("polish", "czech", "slovak", "hungarian", "romanian", "croatian"), WESTERN + CENTRAL),
    "greek": (*WESTERN, "sloppy-windows-1253"),
    "turkish": (*WESTERN, "sloppy-windows-1254"),
    "latvian": (*WESTERN, "sloppy-windows-1257"),
    "lithuanian": (*WESTERN, "sloppy-windows-1257"),
}


# --- the cases ------------------------------------------------------------------------------------


def misread(text: str, codec: str) -> str:
    """`text` as UTF-8, read with the wrong `codec`."""
    return text.encode("utf-8").decode(codec)


def cases() -> Iterator[tuple[str, str, str]]:
    """Kind of damage, damaged line, wanted line."""
    for language, sentence in SENTENCES.items():
        for codec in WRONG_CODECS[language]:
            once = misread(sentence, codec)
            yield f"once, {codec}", once, sentence
            yield f"twice, {codec}", misread(once, codec), sentence
        yield "latin-1, then windows-1252", misread(misread(sentence, "latin-1"), "sloppy-windows-1252"), sentence
    yield from _altered()
    yield from _mixed()


def _altered() -> Iterator[tuple[str, str, str]]:
    """Mojibake that lost something after it was made."""
    for sentence in SENTENCES.values():
        once = misread(sentence, "sloppy-windows-1252")
        if "\xa0" in once:
            yield "no-break spaces became spaces", once.replace("\xa0", " "), sentence
        raw = sentence.encode()
        if "”" in sentence:
            yield "undefined bytes became U+FFFD", raw.decode("cp1252", "replace"), sentence
            yield "undefined bytes dropped", raw.decode("cp1252", "ignore"), sentence


def _mixed() -> Iterator[tuple[str, str, str]]:
    """Good text and mojibake on one line."""
    good = [SENTENCES[language] for language in ("russian", "chinese", "arabic", "greek", "polish", "hindi", "english")]
    for language, sentence in SENTENCES.items():
        for number, other in enumerate(good):
            if other == sentence or number % 3 != len(language) % 3:
                continue
            codec = ("sloppy-windows-1252", "latin-1")[number % 2]
            yield f"mixed line, {codec}", f"{other} {misread(sentence, codec)}", f"{other} {sentence}"
            yield f"mixed line, {codec}", f"{misread(sentence, codec)} {other}", f"{sentence} {other}"


def print_cases() -> None:
    """The table of mojibake cases."""
    solved: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for kind, damaged, sentence in cases():
        wanted = repair_line(sentence)[0]
        theirs = _plainly(ftfy.fix_and_explain(damaged, SAFE).text)
        solved[kind].append((repair_line(damaged)[0] == wanted, theirs == wanted))
    print("| mojibake | cases | scrubber | ftfy |\n|---|---|---|---|")
    for kind, pairs in (*solved.items(), ("**all**", list(chain.from_iterable(solved.values())))):
        print(f"| {kind} | {len(pairs)} | {sum(ours for ours, _ in pairs)} | {sum(theirs for _, theirs in pairs)} |")


def _plainly(text: str) -> str:
    """Blanks folded and trimmed, nothing else."""
    return " ".join(text.split(" ")).strip()


# --- speed ----------------------------------------------------------------------------------------


def corpora() -> dict[str, list[str]]:
    """Lines of each kind."""
    accented = ("french", "german", "spanish", "portuguese", "polish", "czech", "turkish", "swedish", "vietnamese")
    plain = 'The ferryman\'s daughter said "we sail at dawn" and so they did, all of them but one.'
    damaged = [damaged for _, damaged, _ in cases()]
    kinds = {
        "clean English, ASCII quotes": [plain],
        "clean English, curly quotes": [SENTENCES["english"]],
        "clean CJK": [SENTENCES["chinese"], SENTENCES["japanese"], SENTENCES["korean"]],
        "clean Arabic": [SENTENCES["arabic"], SENTENCES["persian"]],
        "clean Cyrillic": [SENTENCES["russian"], SENTENCES["ukrainian"], SENTENCES["bulgarian"]],
        "clean accented Latin": [SENTENCES[language] for language in accented],
        "damaged": damaged,
    }
    return {kind: [f"{lines[n % len(lines)]} {n}" for n in range(LINES)] for kind, lines in kinds.items()}


def page_of(lines: list[str]) -> list[str]:
    """Our way: the page gate first, then line by line."""
    if not is_suspect("\n".join(lines)):
        return lines
    return [repair_line(line)[0] for line in lines]


def ftfy_part(lines: list[str]) -> list[str]:
    """What our gate and our use of ftfy's tables make of the lines."""
    return [undo_mojibake(line) if may_change(line) else line for line in lines]


def ftfy_plain(lines: list[str]) -> list[str]:
    """The same lines, all handed to ftfy."""
    return [ftfy.fix_and_explain(line, SAFE).text for line in lines]


def seconds(work: Callable[[list[str]], list[str]], lines: list[str]) -> float:
    """CPU seconds of one call."""
    begin = time.process_time()
    work(lines)
    return time.process_time() - begin


def print_speed() -> None:
    """The table of speed."""
    print("| text | scrubber, M chars/s | ftfy, M chars/s | times as fast | identical output, the ftfy part |")
    print("|---|---|---|---|---|")
    for kind, lines in corpora().items():
        size = sum(map(len, lines)) / 1e6
        rounds = [(seconds(page_of, lines), seconds(ftfy_plain, lines)) for _ in range(ROUNDS)]
        ours, theirs = (statistics.median(column) for column in zip(*rounds, strict=True))
        same = "yes" if ftfy_part(lines) == ftfy_plain(lines) else "no"
        print(f"| {kind} | {size / ours:.2f} | {size / theirs:.2f} | {theirs / ours:.1f} | {same} |")


if __name__ == "__main__":
    print_speed()
    print()
    print_cases()
