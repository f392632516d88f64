"""Bytes to text: how many pages come back exactly, ours and the peers', and how fast.

    python benchmarks/decoding.py              the table
    python benchmarks/decoding.py --failures   and each case that ours gets wrong

Every sentence is invented for this file. A case counts only when the whole text is right; a lost
byte may show as U+FFFD or not at all, which is the same to us. The peers take no transport header.
"""

from __future__ import annotations

import argparse
import sys
import time
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scrubber.decode import decode
from scrubber.errors import ScrubberError


class Case(NamedTuple):
    """A page as bytes, its header, and the text it holds."""

    kind: str
    name: str
    content: bytes
    expected: str
    header: str | None = None


class Language(NamedTuple):
    """A paragraph, and the legacy encodings its web pages came in (the usual one first)."""

    text: str
    encodings: tuple[str, ...]


LANGUAGES = {
    "english": Language(
        "The ferry “Marigold” left at seven, an hour late – “nobody told us why”, said the baker’s wife. "
        "By noon the harbour café had sold out of pies, and the crew’s own lunch went with them. "
        "A ticket costs £4.50 (€5.20); children under six travel free… if they bring a grown-up. "
        "“We’ll be back on Sunday,” the captain promised, “and this time the engine’s been mended.”",
        ("cp1252",),
    ),
    "german": Language(
        "Am frühen Morgen öffnete die Bäckerei an der Brücke wieder ihre Türen. Über zwölf Wochen lang "
        "hatten die Nachbarn auf frische Brötchen verzichten müssen, weil der große Ofen kaputt war. "
        "Der Bürgermeister kaufte als Erster ein: fünf Hörnchen und einen süßen Käsekuchen. Für die Kinder "
        "gab es Schokolade, und die älteren Gäste erzählten Geschichten aus früheren Jahren.",
        ("cp1252", "iso8859-1", "iso8859-15"),
    ),
    "french": Language(
        "Le marché couvert a rouvert ses portes après deux années de travaux. Dès l’aube, les maraîchers "
        "avaient dressé leurs étals : pêches, mûres, châtaignes et fromages de chèvre. « Ça sent bon comme "
        "à l’époque de ma grand-mère », s’émerveillait une élève venue avec son père. La mairie espère que "
        "le quartier, longtemps délaissé, retrouvera ainsi sa gaieté et ses habitués.",
        ("cp1252",),
    ),
    "spanish": Language(
        "El pequeño pueblo celebró ayer la llegada del primer tren en más de cuarenta años. La estación, "
        "pintada de añil y blanco, se llenó de niños y de músicos. «¿Quién lo habría imaginado?», preguntó "
        "el señor Ibáñez, que había guardado su último billete en un cajón. Después hubo chocolate con "
        "churros, y el maquinista enseñó la cabina a cuantos quisieron subir.",
        ("cp1252", "iso8859-1"),
    ),
    "portuguese": Language(
        "A padaria da praça voltou a cozer pão às quatro da manhã. Não há memória de tamanha fila: três "
        "gerações esperavam, em silêncio, pelo primeiro tabuleiro. «São só carcaças», dizia o irmão mais "
        "velho, mas ninguém arredava pé. À tarde, a associação ofereceu café e bolo de maçã, e a coleção "
        "de fotografias antigas ficou em exposição até ao anoitecer.",
        ("cp1252", "iso8859-1"),
    ),
    "italian": Language(
        "La città ha inaugurato ieri la nuova biblioteca sul lungofiume. Perché proprio lì? «È il luogo più "
        "luminoso che avevamo», ha spiegato l’assessore, «e d’estate ci sarà anche un caffè all’aperto». "
        "Già nel pomeriggio più di trecento lettori avevano chiesto la tessera; l’età del più anziano? "
        "Novantadue anni. Così la festa è durata fino a mezzanotte, benché piovesse.",
        ("cp1252",),
    ),
    "swedish": Language(
        "I går öppnade den lilla färjan igen efter vintern. På kajen stod både gamla och unga och väntade på "
        "första turen över sundet. Kaptenen, som är åttiotvå år, hälsade alla välkomna med en kopp kaffe. "
        "Överfarten tar bara några minuter, men för öborna är båten livsnödvändig: utan den får man köra "
        "trettio mil runt fjärden för att köpa mjölk och bröd.",
        ("cp1252", "iso8859-1"),
    ),
    "polish": Language(
        "Wczoraj otwarto odnowioną łaźnię przy ulicy Źródlanej. Pierwsi goście przyszli już o świcie, choć "
        "na dworze był siarczysty mróz. Właścicielka, pani Gąsiorowska, częstowała wszystkich herbatą z "
        "miodem i drożdżówkami. „Moja prababcia też tu przychodziła” – opowiadała żona piekarza. Wieczorem "
        "zabrzmiała muzyka, a dzieci puszczały łódki z papieru po całym basenie.",
        ("cp1250", "iso8859-2"),
    ),
    "czech": Language(
        "Včera se po dlouhé přestávce otevřela železniční zastávka pod hradem. První vlak přijel s malým "
        "zpožděním, ale nikomu to nevadilo. Starosta přivítal cestující koláčem a čerstvou kávou, děti "
        "zpívaly a průvodčí každému označil jízdenku. Trať byla zavřená víc než třicet let; nyní bude "
        "spojovat údolí s městem čtyřikrát denně, v neděli častěji.",
        ("cp1250", "iso8859-2"),
    ),
    "hungarian": Language(
        "Tegnap délután újra megnyílt a régi malom a folyó partján. A környékbeliek már hónapok óta várták, "
        "hogy a kerék megint forogjon. Az első zsák lisztből még aznap este kenyeret sütöttek, amelyet "
        "szőlővel és túróval kínáltak. A molnár, aki hűségesen őrizte a kulcsot, büszkén mutatta meg a "
        "gyerekeknek, hogyan működik a szerkezet, és hol rejtőzik a tücsök.",
        ("cp1250", "iso8859-2"),
    ),
    "romanian": Language(
        "Ieri dimineaţă s-a redeschis grădina botanică din oraş. Mulţi vizitatori au aşteptat încă de la "
        "şapte, deşi afară ploua mărunt. Directoarea a povestit că serele au fost refăcute fără ajutor din "
        "afară, numai cu munca voluntarilor. Copiii au sădit flori şi au primit câte o plăcintă caldă. "
        "Până seara, peste o mie de oameni trecuseră prin faţa bătrânului stejar.",
        ("cp1250", "iso8859-2"),
    ),
    "turkish": Language(
        "Dün sabah köprünün altındaki küçük fırın yeniden açıldı. Mahalleli, yağmura aldırmadan saatlerce "
        "sırada bekledi. Fırıncı Şükrü Bey, ilk ekmeği komşusunun kızına verdi ve “bugün herkes misafirim” "
        "dedi. Öğleden sonra çaylar içildi, çocuklar şarkı söyledi. Akşam ise ışıklar yanınca, eski "
        "günlerden kalma fotoğraflar duvara asıldı; görenler gülümsedi.",
        ("cp1254", "iso8859-9"),
    ),
    "lithuanian": Language(
        "Vakar ryte po ilgos žiemos vėl atidarytas senasis turgus. Žmonės rinkosi dar prieš aušrą, nors "
        "gatvėse tebebuvo šlapia. Ūkininkai atvežė sūrių, medaus ir šviežių agurkų, o kepėja vaišino "
        "visus šiltais pyragėliais. Būrys vaikų žaidė prie šulinio, kol močiutės šnekučiavosi apie orą. "
        "Pirmąją dieną čia apsilankė daugiau kaip tūkstantis pirkėjų.",
        ("cp1257",),
    ),
    "russian": Language(
        "Вчера утром после долгого ремонта снова открылась городская оранжерея. Первые посетители пришли "
        "ещё до рассвета, хотя на улице шёл мокрый снег. Садовник Ефим Кузьмич угощал всех чаем с вареньем "
        "и показывал лимонное дерево, которое пережило три зимы. «Мы и не надеялись», – признался он. "
        "Вечером играл оркестр, и никто не спешил расходиться по домам.",
        ("cp1251", "koi8-r", "cp866", "iso8859-5", "mac-cyrillic"),
    ),
    "ukrainian": Language(
        "Учора вранці в місті знову запрацював старий млин над річкою. Мешканці їхали сюди з усієї "
        "округи, щоб побачити, як крутиться колесо. Мельник пригощав гостей свіжим хлібом і розповідав, "
        "що їхній ґанок збудували ще його діди. Увечері діти запускали паперові човники, а дорослі "
        "співали пісень біля вогнища, хоч і накрапав дрібний дощ.",
        ("cp1251", "koi8-u"),
    ),
    "bulgarian": Language(
        "Вчера след дълъг ремонт отново отвори врати старата чешма на площада. Хората се събраха още "
        "преди изгрев, въпреки че валеше ситен дъжд. Кметът поднесе на всички топла погача с мед, а "
        "децата пускаха хартиени лодки по водата. Най-възрастната жителка разказа как някога тук "
        "идвали търговци с кервани от цялата страна.",
        ("cp1251",),
    ),
    "greek": Language(
        "Χθες το πρωί άνοιξε ξανά το παλιό καφενείο δίπλα στο λιμάνι. Οι ψαράδες περίμεναν από τα "
        "χαράματα, παρόλο που φυσούσε δυνατός αέρας. Η κυρία Ελένη κέρασε όλους καφέ και κουλούρια, και "
        "είπε πως η συνταγή είναι της γιαγιάς της. Το βράδυ ήρθαν μουσικοί από το διπλανό χωριό, και ο "
        "χορός κράτησε ως την ανατολή του ήλιου.",
        ("cp1253", "iso8859-7"),
    ),
    "hebrew": Language(
        "אתמול בבוקר נפתחה מחדש הספרייה הישנה שליד הנהר. התושבים חיכו בתור משעה מוקדמת, אף שירד גשם קל. "
        "הספרנית חילקה לכולם עוגיות ותה חם, וסיפרה כיצד ניצלו הספרים מן ההצפה הגדולה. לקראת ערב ניגנה "
        "תזמורת קטנה בחצר, והילדים ציירו על המדרכה בגירים צבעוניים. מחר תפתח הספרייה את שעריה בשמונה.",
        ("cp1255", "iso8859-8"),
    ),
    "arabic": Language(
        "افتتحت صباح أمس المكتبة القديمة المطلة على النهر بعد ترميم طويل. وقف السكان في الصف منذ ساعة "
        "مبكرة رغم المطر الخفيف، ووزعت أمينة المكتبة عليهم الشاي والكعك. وقالت إن الكتب نجت من الفيضان "
        "بفضل الجيران الذين حملوها إلى بيوتهم. وفي المساء عزفت فرقة صغيرة في الساحة، ورسم الأطفال "
        "بالطباشير على الرصيف حتى غروب الشمس.",
        ("cp1256", "iso8859-6"),
    ),
    "persian": Language(
        "دیروز صبح کتابخانهٔ قدیمی کنار رودخانه پس از بازسازی دوباره باز شد. مردم با وجود باران از ساعتی "
        "پیش در صف ایستاده بودند و کتابدار به همه چای و شیرینی می‌داد. او گفت که همسایه‌ها کتاب‌ها را از "
        "سیل نجات دادند. شب گروه کوچکی در حیاط ساز زد و بچه‌ها روی پیاده‌رو نقاشی کشیدند.",
        (),
    ),
    "hindi": Language(
        "कल सुबह नदी के किनारे का पुराना पुस्तकालय फिर से खुल गया। हल्की बारिश के बावजूद लोग सुबह से ही कतार में "
        "खड़े थे। पुस्तकालय की अध्यक्ष ने सबको चाय और मिठाई दी और बताया कि पड़ोसियों ने किताबें बाढ़ से बचाई थीं। "
        "शाम को आँगन में संगीत हुआ और बच्चों ने रंगीन चित्र बनाए।",
        (),
    ),
    "vietnamese": Language(
        "Sáng hôm qua, thư viện cũ bên bờ sông đã mở cửa trở lại sau nhiều tháng sửa chữa. Người dân xếp "
        "hàng từ rất sớm, dù trời mưa nhẹ. Cô thủ thư mời mọi người uống trà và ăn bánh, rồi kể chuyện "
        "hàng xóm đã cứu sách khỏi trận lụt như thế nào. Buổi tối có một ban nhạc nhỏ chơi trong sân, còn "
        "trẻ em thì vẽ tranh bằng phấn màu.",
        ("cp1258",),
    ),
    "thai": Language(
        "เมื่อวานนี้ห้องสมุดเก่าริมแม่น้ำเปิดให้บริการอีกครั้งหลังจากซ่อมแซมมานานหลายเดือน ชาวบ้านมารอกันตั้งแต่เช้า "
        "แม้ว่าฝนจะตกปรอย ๆ บรรณารักษ์แจกน้ำชาและขนมให้ทุกคน แล้วเล่าว่าเพื่อนบ้านช่วยกันขนหนังสือหนีน้ำท่วมอย่างไร "
        "ตอนเย็นมีวงดนตรีเล็ก ๆ มาเล่นในสวน ส่วนเด็ก ๆ วาดรูปด้วยชอล์กสี",
        ("cp874",),
    ),
    "chinese-simplified": Language(
        "昨天早上，河边的老图书馆经过几个月的修缮重新开放了。虽然下着小雨，居民们还是一大早就来排队。"
        "馆员给大家准备了热茶和点心，还讲起邻居们当年怎样把书从洪水里抢救出来的故事。到了傍晚，院子里"
        "来了一支小乐队，孩子们用彩色粉笔在人行道上画画。馆长说：“明天八点开门，欢迎你们再来。”",
        ("gbk", "gb2312", "gb18030"),
    ),
    "chinese-traditional": Language(
        "昨天早上，河邊的老圖書館經過幾個月的修繕重新開放了。雖然下著小雨，居民們還是一大早就來排隊。"
        "館員替大家準備了熱茶和點心，還說起鄰居們當年怎樣把書從洪水裡搶救出來的故事。到了傍晚，院子裡"
        "來了一支小樂隊，孩子們用彩色粉筆在人行道上畫畫。館長說：「明天八點開門，歡迎你們再來。」",
        ("big5",),
    ),
    "japanese": Language(
        "昨日の朝、川のそばの古い図書館が数か月の修理を終えてふたたび開きました。小雨が降っていましたが、"
        "町の人たちは早くから並んで待っていました。司書のさんはお茶とお菓子を配り、近所の人々がどのように"
        "本を洪水から守ったかを話してくれました。夕方には庭で小さな楽団が演奏し、子どもたちはチョークで"
        "歩道に絵を描きました。「明日は八時に開きます」とのことです。",
        ("shift_jis", "euc_jp", "iso2022_jp"),
    ),
    "korean": Language(
        "어제 아침 강가의 오래된 도서관이 몇 달 동안의 수리를 마치고 다시 문을 열었다. 가랑비가 내렸지만 "
        "주민들은 이른 시간부터 줄을 서서 기다렸다. 사서는 모두에게 따뜻한 차와 과자를 나누어 주며, 이웃들이 "
        "홍수에서 책을 어떻게 구해 냈는지 이야기했다. 저녁에는 마당에서 작은 악단이 연주했고, 아이들은 "
        "길바닥에 분필로 그림을 그렸다.",
        ("euc_kr", "cp949"),
    ),
}

WEB_LABEL = {
    "cp1252": "windows-1252", "cp1250": "windows-1250", "cp1251": "windows-1251", "cp1253": "windows-1253",
    "cp1254": "windows-1254", "cp1255": "windows-1255", "cp1256": "windows-1256", "cp1257": "windows-1257",
    "cp1258": "windows-1258", "cp874": "windows-874", "cp866": "ibm866", "cp949": "euc-kr", "euc_kr": "euc-kr",
    "euc_jp": "euc-jp", "iso2022_jp": "iso-2022-jp", "mac-cyrillic": "x-mac-cyrillic", "gbk": "gbk",
    "iso8859-1": "iso-8859-1", "iso8859-2": "iso-8859-2", "iso8859-5": "iso-8859-5", "iso8859-6": "iso-8859-6",
    "iso8859-7": "iso-8859-7", "iso8859-8": "iso-8859-8", "iso8859-9": "iso-8859-9", "iso8859-15": "iso-8859-15",
}  # fmt: skip
"""What a page calls the encoding, where that is not Python's name."""

TONES = "\u0300\u0301\u0303\u0309\u0323"
"""The tone marks that windows-1258 keeps apart from their letters."""

CONTINUATIONS, LEADS = bytes(range(0x80, 0xC0)), bytes(range(0xC0, 0xF5))
"""The bytes of a UTF-8 character behind its first, and its first."""

MENU = b'<li><a class="item" href="/section/page-%d.html">Section number %d</a></li>\n'
SHORT_WORDS = {
    "utf-8": "Žluťoučký kůň", "windows-1250": "Příští vlak", "windows-1251": "Новый мост", "windows-1252": "Café noir",
    "windows-1253": "Παλιό λιμάνι", "windows-1254": "Küçük fırın",
    "windows-1255": "ספרייה ישנה", "windows-1256": "مكتبة قديمة",
    "windows-1257": "Šlapia gatvė", "windows-874": "ห้องสมุด", "koi8-r": "Новый мост", "koi8-u": "Їхній ґанок",
    "ibm866": "Новый мост", "iso-8859-2": "Łaźnia żony", "iso-8859-5": "Новый мост", "iso-8859-7": "Παλιό λιμάνι",
    "iso-8859-15": "Cœur à 5 €", "gbk": "老图书馆", "gb18030": "老图书馆", "big5": "老圖書館",
    "shift_jis": "古い図書館",
    "euc-jp": "古い図書館", "iso-2022-jp": "古い図書館", "euc-kr": "오래된 도서관", "macintosh": "Café noir",
}  # fmt: skip
PYTHON_NAME = {"windows-874": "cp874", "macintosh": "mac-roman", "euc-kr": "cp949", "shift_jis": "cp932"}


def label(encoding: str) -> str:
    """Return what a page would call a Python codec."""
    return WEB_LABEL.get(encoding, encoding)


def encodable(text: str, encoding: str) -> str:
    """Return `text` in the form that `encoding` can write: apart, for Vietnamese; without what it lacks."""
    if encoding == "cp1258":
        text = "".join(map(part_tone, text))
    return text.encode(encoding, "ignore").decode(encoding)


def part_tone(character: str) -> str:
    """Return a Vietnamese letter with its tone mark behind it."""
    marks = unicodedata.normalize("NFD", character)
    tones = [mark for mark in marks if mark in TONES]
    return unicodedata.normalize("NFC", "".join(m for m in marks if m not in TONES)) + "".join(tones)


def html(text: str, head: str = "", filler: int = 0) -> str:
    """Return a page around `text`, with `filler` characters of menu in front of it."""
    menu = b"".join(MENU % (n, n) for n in range(filler // len(MENU))).decode()
    return f"<!DOCTYPE html>\n<html><head>\n{head}</head><body>\n{menu}<p>{text}</p>\n</body></html>\n"


def legacy() -> Iterator[tuple[str, str, str]]:
    """Yield (language, encoding, text it can write), every pair."""
    for language, (text, encodings) in LANGUAGES.items():
        for encoding in encodings:
            yield language, encoding, encodable(text, encoding)


def usual() -> Iterator[tuple[str, str, str]]:
    """Yield (language, encoding, text), the most usual encoding only."""
    for language, (text, encodings) in LANGUAGES.items():
        if encodings:
            yield language, encodings[0], encodable(text, encodings[0])


def undeclared_cases() -> Iterator[Case]:
    """Yield legacy pages and flattened texts that say nothing of their encoding."""
    for language, encoding, text in legacy():
        name = f"{language} {encoding}"
        flat = f"{text}\n\n{text[: len(text) // 2]}\n"
        yield Case("undeclared, flattened text", name, flat.encode(encoding), flat)
        page = html(text)
        yield Case("undeclared, HTML", name, page.encode(encoding), page)
    for language, encoding, text in usual():
        page = html(text, filler=11_000)
        yield Case("undeclared, 11 kB of menu in front", f"{language} {encoding}", page.encode(encoding), page)


def one_line_cases() -> Iterator[Case]:
    """Yield English pages with a single line in another script, undeclared."""
    english = ("The council met on Tuesday. It spoke of roads and of the price of bread.\n" * 30).replace(
        "It", "It\u2019s"
    )
    for language in ("arabic", "russian", "greek", "hebrew", "polish", "turkish", "korean", "japanese"):
        encoding = LANGUAGES[language].encodings[0]
        line = encodable(LANGUAGES[language].text[:90], encoding)
        text = english.replace("\u2019", "'") + line + "\n" + english.replace("\u2019", "'")
        yield Case("undeclared, one foreign line", f"{language} {encoding}", text.encode(encoding), text)
    for language in ("arabic", "russian", "polish", "greek"):
        encoding = LANGUAGES[language].encodings[0]
        text = english + encodable(LANGUAGES[language].text[:90], encoding) + "\n" + english
        yield Case("undeclared, one foreign line", f"{language} {encoding}, curly", text.encode(encoding), text)


ACCENTED = (
    "The caf\u00e9 by the quay reopened on Monday.",
    "Zo\u00eb and Andr\u00e9 Dupr\u00e9 run it together; the cr\u00e8me br\u00fbl\u00e9e is hers.",
    "Flights to S\u00e3o Paulo and M\u00e1laga were late because of El Ni\u00f1o.",
    "The Gr\u00fcne Woche drew 4,000 visitors from K\u00f6ln and Z\u00fcrich alone.",
    "It was 31\u00b0 at noon \u2013 \u00a35 bought two ices, \u00bd price for children.",
    "Bj\u00f6rn \u00c5kesson\u2019s fa\u00e7ade won the prize; a r\u00e9sum\u00e9 follows.",
    "\u00a9 2016 The Quay Weekly. All rights reserved.",
)
"""English with a few accented letters, the commonest text there is in windows-1252."""


def accent_cases() -> Iterator[Case]:
    """Yield pages of which hardly anything is not ASCII: a weak hint must not outweigh a declaration."""
    plain = "The council met on Tuesday and spoke of roads and of the price of bread.\n"
    for number, line in enumerate(ACCENTED):
        text = f"{plain * 8}{line}\n{plain * 8}"
        yield Case("undeclared, a few accents", f"line {number}", text.encode("cp1252"), text)
        yield Case(
            "right header, a few accents",
            f"line {number}",
            text.encode("cp1252"),
            text,
            "text/html; charset=iso-8859-1",
        )
    every = "\n".join(ACCENTED) + "\n" + LANGUAGES["english"].text + "\n" + plain
    for times in (1, 4):
        raw = (every * times).encode("cp1252")
        yield Case("undeclared, a few accents", f"all lines, {times} times", raw, every * times)
        yield Case("right header, a few accents", f"all lines, {times} times", raw, every * times, "charset=latin1")
    for language, encoding, text in legacy():
        short = f"{plain * 8}{text[:70]}\n"
        header = f"text/html; charset={label(encoding)}"
        yield Case("right header, a few accents", f"{language} {encoding}", short.encode(encoding), short, header)


def declared_cases() -> Iterator[Case]:
    """Yield pages that declare their encoding rightly, in each of the usual places."""
    for language, encoding, text in legacy():
        name, said = f"{language} {encoding}", label(encoding)
        meta = html(text, f'<meta charset="{said}">\n')
        yield Case("right meta", name, meta.encode(encoding), meta)
        plain = html(text)
        yield Case("right header", name, plain.encode(encoding), plain, f"text/html; charset={said}")
    for language, encoding, text in usual():
        said = label(encoding)
        late = html(
            text,
            f"<script>{'var a = 1; ' * 250}</script>\n"
            f'<meta http-equiv="Content-Type" content="text/html; charset={said}">\n',
        )
        yield Case("meta after 1 kB", f"{language} {encoding}", late.encode(encoding), late)
        xml = f'<?xml version="1.0" encoding="{said}"?>\n<feed><p>{text}</p></feed>\n'
        yield Case("XML declaration", f"{language} {encoding}", xml.encode(encoding), xml)


def lying_cases() -> Iterator[Case]:
    """Yield pages whose header or meta is wrong."""
    for language, (text, _) in LANGUAGES.items():
        page = html(text, '<meta charset="utf-8">\n')
        yield Case("wrong header, UTF-8 page", language, page.encode(), page, "text/html; charset=ISO-8859-1")
        lie = html(text, '<meta charset="windows-1252">\n')
        yield Case("wrong meta, UTF-8 page", language, lie.encode(), lie)
    for language, encoding, text in usual():
        name = f"{language} {encoding}"
        meta = html(text, f'<meta charset="{label(encoding)}">\n')
        yield Case("wrong header (utf-8), right meta", name, meta.encode(encoding), meta, "text/html; charset=utf-8")
        yield Case(
            "wrong header (latin-1), right meta", name, meta.encode(encoding), meta, "text/html; charset=iso-8859-1"
        )
        lie = html(text, '<meta charset="utf-8">\n')
        yield Case("wrong meta (utf-8), legacy page", name, lie.encode(encoding), lie)
        plain = html(text)
        cyrillic = "text/html; charset=windows-1251"
        if encoding != "cp1251":
            yield Case("wrong header (cyrillic), right meta", name, meta.encode(encoding), meta, cyrillic)
            yield Case("wrong header (cyrillic), no meta", name, plain.encode(encoding), plain, cyrillic)
        default = html(text, '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">\n')
        yield Case("wrong meta (latin-1), legacy page", name, default.encode(encoding), default)
        right = f"text/html; charset={label(encoding)}"
        yield Case("right header, wrong meta (latin-1)", name, default.encode(encoding), default, right)
        yield Case(
            "wrong header (latin-1), no meta", name, plain.encode(encoding), plain, "text/html; charset=iso-8859-1"
        )


KIN = (
    ("windows-1251", "koi8-r", "russian"), ("koi8-r", "cp1251", "russian"), ("ibm866", "cp1251", "russian"),
    ("gbk", "big5", "chinese-traditional"), ("big5", "gbk", "chinese-simplified"), ("shift_jis", "euc_jp", "japanese"),
    ("euc-jp", "shift_jis", "japanese"), ("euc-kr", "gbk", "chinese-simplified"), ("gbk", "euc_kr", "korean"),
    ("windows-1250", "cp1252", "french"), ("windows-1254", "cp1250", "polish"), ("windows-1257", "cp1250", "czech"),
    ("iso-8859-7", "cp1255", "hebrew"), ("windows-1256", "cp1253", "greek"), ("windows-1255", "cp1256", "arabic"),
    ("windows-874", "cp1251", "bulgarian"),
)  # fmt: skip
"""(wrong label, true encoding, language): labels as near to the truth as a mix-up makes them."""


def kin_cases() -> Iterator[Case]:
    """Yield pages with the label of a related encoding, in the header and in the page."""
    for said, encoding, language in KIN:
        text = encodable(LANGUAGES[language].text, encoding)
        plain, meta = html(text), html(text, f'<meta charset="{said}">\n')
        name = f"{language}: {said} for {encoding}"
        yield Case(
            "related label, wrong", f"{name}, header", plain.encode(encoding), plain, f"text/html; charset={said}"
        )
        yield Case("related label, wrong", f"{name}, meta", meta.encode(encoding), meta)


def sentence_cases() -> Iterator[Case]:
    """Yield single sentences that say nothing of their encoding."""
    for language, encoding, text in legacy():
        short = text[:80] + "\n"
        if not short.isascii():
            yield Case("undeclared, 80 characters", f"{language} {encoding}", short.encode(encoding), short)


def decoy_cases() -> Iterator[Case]:
    """Yield pages with something that only looks like a declaration."""
    for language, encoding, text in usual():
        decoy = "shift_jis" if encoding != "shift_jis" else "windows-1251"
        page = html(text, f'<!-- <meta charset="{decoy}"> -->\n<meta charset="{label(encoding)}">\n')
        yield Case("decoy in a comment", f"{language} {encoding}", page.encode(encoding), page)
        data = html(text, f'<meta name="description" content="charset={decoy}">\n<meta charset="{label(encoding)}">\n')
        yield Case("decoy in a description", f"{language} {encoding}", data.encode(encoding), data)
    for language, (text, _) in LANGUAGES.items():
        flat = f'How to write charset=koi8-r in a page: meta charset="koi8-r", they say.\n{text}\n'
        yield Case("decoy in prose", language, flat.encode(), flat)


def damaged_cases() -> Iterator[Case]:
    """Yield pages that lost or changed a few bytes on the way."""
    for language, (text, _) in LANGUAGES.items():
        flat = f"{text}\n{text}\n"
        raw = flat.encode()
        cut = next(n for n in range(len(raw) - 30, 0, -1) if raw[n] in CONTINUATIONS)
        yield Case("UTF-8, truncated", language, raw[:cut], raw[:cut].decode(errors="ignore"))
        space = raw.index(b" ", 40) if b" " in raw[40:] else 42
        yield Case("UTF-8, one bad byte", language, raw[:space] + b"\xff" + raw[space:], flat)
        page = html(text, '<meta charset="utf-8">\n').encode()
        lead = next(n for n in range(len(page)) if page[n] in LEADS)
        rest = page[lead + 1 :].lstrip(CONTINUATIONS)
        expected = page[:lead].decode() + rest.decode()
        yield Case("UTF-8, half a character lost", language, page[: lead + 1] + rest, expected)
    for language in ("chinese-simplified", "chinese-traditional", "japanese", "korean"):
        text, encodings = LANGUAGES[language]
        raw = (text + text).encode(encodings[0])
        cut = next(n for n in range(len(raw) - 10, 0, -1) if text_cut(raw[:n], encodings[0]))
        good = raw[: cut - 1].decode(encodings[0])
        yield Case("legacy, truncated", f"{language} undeclared", raw[:cut], good)
        yield Case(
            "legacy, truncated", f"{language} declared", raw[:cut], good, f"text/plain; charset={label(encodings[0])}"
        )


def text_cut(raw: bytes, encoding: str) -> bool:
    """Tell whether `raw` ends in the middle of a character."""
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return True
    return False


def mixed_cases() -> Iterator[Case]:
    """Yield UTF-8 pages with a part in windows-1252, as when a template or a comment is pasted in."""
    for language in ("english", "german", "french", "spanish", "portuguese", "italian", "swedish"):
        text = LANGUAGES[language].text
        first, second = text + "\n", text[:120] + "\n"
        raw = first.encode() * 4 + second.encode("cp1252") + first.encode()
        yield Case("UTF-8 with a windows-1252 part", f"{language}, a line", raw, first * 4 + second + first)
    for language in ("russian", "chinese-simplified", "greek", "arabic"):
        first = LANGUAGES[language].text + "\n"
        footer = "\u00a9 2016 Caf\u00e9 Marigold \u2013 all rights reserved\n"
        yield Case(
            "UTF-8 with a windows-1252 part",
            f"{language}, a footer",
            first.encode() + footer.encode("cp1252"),
            first + footer,
        )


def wide_cases() -> Iterator[Case]:
    """Yield UTF-16 and UTF-32, with a mark and without."""
    for language, (text, _) in LANGUAGES.items():
        flat = f"{text}\n\n{text}\n"
        page = html(text)
        for codec in ("utf-16-le", "utf-16-be"):
            yield Case("UTF-16 without BOM, flattened", f"{language} {codec}", flat.encode(codec), flat)
            yield Case("UTF-16 without BOM, HTML", f"{language} {codec}", page.encode(codec), page)
            marked = f"\ufeff{flat}".encode(codec)
            yield Case("BOM", f"{language} {codec}", marked, flat, "text/html; charset=iso-8859-1")
        yield Case("BOM", f"{language} utf-32", f"\ufeff{flat}".encode("utf-32-le"), flat)
        yield Case("BOM", f"{language} utf-8", f"\ufeff{flat}".encode(), flat, "text/html; charset=windows-1251")


def superset_cases() -> Iterator[Case]:
    """Yield pages in the wider encoding that a label means in practice."""
    rows = [
        ("gb2312", "gbk", LANGUAGES["chinese-simplified"].text + "朱镕基、陶喆"),
        ("gb2312", "gb18030", LANGUAGES["chinese-simplified"].text + "㐂𠮷"),
        ("shift_jis", "cp932", LANGUAGES["japanese"].text + "①②㈱髙﨑"),
        ("x-sjis", "cp932", LANGUAGES["japanese"].text + "Ⅲ㌔"),
        ("euc-jp", "euc_jis_2004", LANGUAGES["japanese"].text + "①②㈱"),
        ("euc-kr", "cp949", LANGUAGES["korean"].text + " 뷁 똠방각하 펲시"),
        ("ks_c_5601-1987", "cp949", LANGUAGES["korean"].text + " 햏자"),
        ("big5", "big5hkscs", LANGUAGES["chinese-traditional"].text + "喺嘅咗啲"),
        ("iso-8859-1", "cp1252", LANGUAGES["english"].text),
        ("us-ascii", "cp1252", LANGUAGES["english"].text),
        ("latin1", "cp1252", LANGUAGES["french"].text + " Œuvre à 3 €"),
        ("iso-8859-9", "cp1254", LANGUAGES["turkish"].text),
        ("tis-620", "cp874", LANGUAGES["thai"].text + " “…”"),
        ("iso-8859-8-i", "iso8859-8", encodable(LANGUAGES["hebrew"].text, "iso8859-8")),
    ]
    for said, encoding, text in rows:
        page = html(text, f'<meta charset="{said}">\n')
        yield Case("superset of the label", f"{said} means {encoding}", page.encode(encoding), page)
    raw = html("gap \0 here", '<meta charset="windows-1252">\n').encode().replace(b"\0", b"\x81\x8d\x9d\xe9")
    yield Case("superset of the label", "C1 fall-through", raw, raw.decode("latin-1"))


def escape_cases() -> Iterator[Case]:
    """Yield seven-bit text with escapes: real ISO-2022, and what merely has an ESC."""
    text = LANGUAGES["japanese"].text + "\n"
    yield Case("seven-bit", "iso-2022-jp, undeclared", text.encode("iso2022_jp"), text)
    half = "ABC plain start.\n" * 200 + text
    yield Case("seven-bit", "iso-2022-jp after 3 kB", half.encode("iso2022_jp"), half)
    colours = "\x1b[31mred\x1b[0m and plain text\n" * 5
    yield Case("seven-bit", "terminal colours", colours.encode(), colours)
    mixed = "\x1b[1mcaf\u00e9\x1b[0m \u2013 na\u00efve\n" * 5
    yield Case("seven-bit", "terminal colours in UTF-8", mixed.encode(), mixed)
    tilde = "In the shell ~{a,b} and $~{c}~ stay as they are.\n" * 3
    yield Case("seven-bit", "tilde braces", tilde.encode(), tilde)


def short_cases() -> Iterator[Case]:
    """Yield declarations of every form with a word or two of text, in the manner of a conformance suite."""
    forms = (
        '<meta charset="{0}"><p>{1}',
        "<meta charset={0}><p>{1}",
        '<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset={0}"><p>{1}',
    )
    for number, (encoding, words) in enumerate(SHORT_WORDS.items()):
        for form in (forms[number % 3], forms[(number + 1) % 3]):
            page = form.format(encoding, words)
            codec = PYTHON_NAME.get(encoding, encoding)
            yield Case("short declaration", f"{encoding}: {form[:14]}", page.encode(codec), page)
    for said, codec, page in ODD_DECLARATIONS:
        yield Case("short declaration", said, page.encode(codec), page)


ODD_DECLARATIONS = [
    (
        "attributes swapped",
        "cp1251",
        '<meta content="text/html; charset=windows-1251" http-equiv="content-type"><p>Мост',
    ),
    ("blanks around equals", "cp1251", "<meta charset = 'windows-1251' ><p>Мост"),
    ("no quotes, slash", "koi8-r", "<meta charset=koi8-r /><p>Мост"),
    ("slash as a blank", "koi8-r", "<meta/charset=koi8-r><p>Мост"),
    ("inside a script", "koi8-r", "<script>var a = '<meta charset=koi8-r>';</script><p>Мост"),
    ("after a comment", "cp1251", "<!-- <meta charset=koi8-r> --><meta charset=windows-1251><p>Мост"),
    ("after an empty comment", "cp1251", "<!--><meta charset=windows-1251><p>Мост"),
    ("comment with > inside", "cp1251", "<!-- a > b <meta charset=koi8-r> --><meta charset=windows-1251><p>Мост"),
    ("utf-16 means utf-8", "utf-8", "<meta charset=utf-16><p>Кафе Žluť"),
    ("utf-16le means utf-8", "utf-8", '<meta http-equiv="content-type" content="text/html; charset=utf-16le"><p>Žluť'),
    ("x-user-defined means 1252", "cp1252", "<meta charset=x-user-defined><p>Café noir"),
    ("unknown, then known", "cp1251", "<meta charset=rot13><meta charset=windows-1251><p>Мост"),
    ("http-equiv missing", "cp1252", '<meta content="text/html; charset=koi8-r"><p>Café, naïve'),
    ("other http-equiv", "cp1252", '<meta http-equiv="refresh" content="text/html; charset=koi8-r"><p>Café, naïve'),
    ("first of two attributes", "cp1251", "<meta charset=windows-1251 charset=koi8-r><p>Мост"),
    ("meta-like name", "cp1252", "<metadata charset=koi8-r><p>Café, naïve"),
    ("in an attribute", "cp1252", '<p title="<meta charset=koi8-r>">Café, naïve'),
    ("in a closing tag", "cp1252", '</p title="<meta charset=koi8-r>"><p>Café, naïve'),
    ("declaration in <?", "cp1251", "<?x <meta charset=koi8-r><meta charset=windows-1251><p>Мост"),
    (
        "quoted label in content",
        "cp1251",
        "<meta http-equiv=content-type content='text/html; charset=\"windows-1251\"'><p>Мост",
    ),
    (
        "charset twice in content",
        "cp1251",
        '<meta http-equiv=content-type content="charset charset=windows-1251"><p>Мост',
    ),
    ("XML in single quotes", "iso8859-2", "<?xml version='1.0' encoding='iso-8859-2'?><p>Łaźnia żony"),
    (
        "line feed in the tag",
        "cp1251",
        '<meta\nhttp-equiv="content-type"\ncontent="text/html;charset=windows-1251"\n><p>Мост',
    ),
]


BUILDERS: tuple[Callable[[], Iterator[Case]], ...] = (
    undeclared_cases, sentence_cases, one_line_cases, accent_cases, declared_cases, lying_cases, kin_cases,
    decoy_cases, damaged_cases, mixed_cases, wide_cases, superset_cases, escape_cases, short_cases,
)  # fmt: skip


def cases() -> list[Case]:
    """Return every case of the suite, in a fixed order."""
    return [case for build in BUILDERS for case in build()]


def ours(case: Case) -> str:
    """Decode with scrubber, header included."""
    return decode(case.content, case.header).text


def by_charset_normalizer(case: Case) -> str:
    """Decode with charset-normalizer's best guess."""
    from charset_normalizer import from_bytes

    return str(from_bytes(case.content).best() or "")


def by_chardet(case: Case) -> str:
    """Decode with what chardet says of the whole page."""
    import chardet

    found = chardet.detect(case.content, prefer_superset=True)["encoding"]
    return case.content.decode(found or "utf-8", "replace")


def by_trafilatura(case: Case) -> str:
    """Decode with trafilatura's reader."""
    from trafilatura.utils import decode_file

    return decode_file(case.content)


def by_resiliparse(case: Case) -> str:
    """Decode with resiliparse, `<meta>` included."""
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding

    return bytes_to_str(case.content, detect_encoding(case.content, from_html_meta=True) or "utf-8")


DECODERS: dict[str, Callable[[Case], str]] = {
    "scrubber": ours,
    "charset-normalizer": by_charset_normalizer,
    "chardet": by_chardet,
    "trafilatura": by_trafilatura,
    "resiliparse": by_resiliparse,
}


def result_of(decoder: Callable[[Case], str], case: Case) -> str:
    """Return the decoder's text; an exception it lets out is a wrong answer, and its name is the text."""
    try:
        return decoder(case)
    except (ScrubberError, LookupError, ValueError, RuntimeError) as error:
        return f"{type(error).__name__}: {error}"


def exact(got: str, expected: str) -> bool:
    """Tell whether the text is right, lost bytes and a leading mark aside."""
    return got.removeprefix("\ufeff").replace("\ufffd", "") == expected.replace("\ufffd", "")


def score(suite: list[Case]) -> dict[str, dict[str, list[bool]]]:
    """Return decoder -> kind -> right or wrong, case by case."""
    table: dict[str, dict[str, list[bool]]] = {name: defaultdict(list) for name in DECODERS}
    for name, decoder in DECODERS.items():
        for case in suite:
            table[name][case.kind].append(exact(result_of(decoder, case), case.expected))
    return table


def print_scores(suite: list[Case]) -> None:
    """Print the share decoded exactly, by kind and overall, as a Markdown table."""
    table = score(suite)
    print(f"| share decoded exactly | cases | {' | '.join(DECODERS)} |\n|---|---|{'---|' * len(DECODERS)}")
    for kind in dict.fromkeys(case.kind for case in suite):
        rows = [table[name][kind] for name in DECODERS]
        print(f"| {kind} | {len(rows[0])} | {' | '.join(f'{sum(row) / len(row):.1%}' for row in rows)} |")
    totals = [sum(sum(row) for row in table[name].values()) / len(suite) for name in DECODERS]
    print(f"| **all** | {len(suite)} | {' | '.join(f'**{total:.1%}**' for total in totals)} |\n")


def speed_pages() -> dict[str, bytes]:
    """Return three pages of about 5 kB, the usual size of a flattened article."""
    english = LANGUAGES["english"].text + "\n"
    return {
        "ASCII": (english.encode("ascii", "ignore") * 20)[:5000],
        "UTF-8 English": (english * 13).encode(),
        "UTF-8 Chinese": ((LANGUAGES["chinese-simplified"].text + "\n") * 12).encode(),
        "windows-1251 Russian, undeclared": ((LANGUAGES["russian"].text + "\n") * 14).encode("cp1251"),
    }


def rate(decoder: Callable[[Case], str], content: bytes, seconds: float = 0.3) -> float:
    """Return MB (10^6 bytes) decoded per second, measured over at least `seconds`."""
    case = Case("speed", "", content, "")
    decoder(case)
    begin, rounds = time.perf_counter(), 0
    while (elapsed := time.perf_counter() - begin) < seconds:
        result_of(decoder, case)
        rounds += 1
    return len(content) * rounds / elapsed / 1e6


def print_speeds() -> None:
    """Print MB/s for each page and decoder, `bytes.decode` as the ceiling."""
    decoders = {"bytes.decode": lambda case: str(case.content.decode("utf-8", "replace")), **DECODERS}
    print(f"| MB/s, pages of 5 kB | {' | '.join(decoders)} |\n|---|{'---|' * len(decoders)}")
    for name, content in speed_pages().items():
        print(f"| {name} | {' | '.join(f'{rate(decoder, content):.3g}' for decoder in decoders.values())} |")


def print_failures(suite: list[Case]) -> None:
    """Print each case that ours gets wrong, with what it decided."""
    for case in suite:
        got = result_of(ours, case)
        if exact(got, case.expected):
            continue
        print(f"{case.kind}: {case.name}: {said_of(case)}")


def said_of(case: Case) -> str:
    """Return how ours decided a case."""
    try:
        decoded = decode(case.content, case.header)
    except ScrubberError as error:
        return str(error)
    return f"{decoded.encoding} ({decoded.source}): {decoded.reason}"


def main() -> None:
    """Run the suite and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--failures", action="store_true", help="list the cases that scrubber gets wrong, and no tables"
    )
    arguments = parser.parse_args()
    suite = cases()
    if arguments.failures:
        print_failures(suite)
        return
    print_scores(suite)
    print_speeds()


if __name__ == "__main__":
    main()
