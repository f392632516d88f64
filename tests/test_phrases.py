"""The packs of phrases: well formed, within reach of a folded line, silent about prose, awake around it."""

from __future__ import annotations

import tomllib
from itertools import chain
from pathlib import Path

import pytest

from scrubber.document import EDGES, Document
from scrubber.phrases import KINDS, find_phrases, phrasebook

LONG_PHRASE = 9
"""Bytes of UTF-8 from which a phrase without a mark is rare in prose: two words, such as “photo by”."""

PACKS = sorted((Path(__file__).parents[1] / "scrubber" / "phrases").glob("*.toml"))
LISTS = [
    pytest.param(kind, place, phrases, id=f"{pack.stem}-{kind}-{place}")
    for pack in PACKS
    for kind, places in tomllib.loads(pack.read_text(encoding="utf-8")).items()
    for place, phrases in places.items()
]

PROSE = {
    "en": [
        "The bridge over the river was opened again on Sunday, and half the town walked across it before noon.",
        "“We had no idea how many people would come,” the gardener said while she poured another cup of tea.",
        "Prices for bread and milk have hardly changed since spring, but rents have risen by a tenth.",
    ],
    "de": [
        "Am Sonntagmorgen öffnete die alte Bibliothek am Fluss nach zwei Jahren Umbau wieder ihre Türen.",
        "„Wir hatten nicht mit so vielen Besuchern gerechnet“, sagte die Gärtnerin und schenkte Tee nach.",
        "Die Preise für Brot und Milch haben sich seit dem Frühjahr kaum verändert, die Mieten dagegen schon.",
    ],
    "fr": [
        "Dimanche matin, la vieille bibliothèque au bord du fleuve a rouvert ses portes après deux ans de travaux.",
        "« Nous n’attendions pas autant de monde », a reconnu la jardinière en servant encore un peu de thé.",
        "Le prix du pain et du lait n’a guère changé depuis le printemps, mais les loyers ont augmenté.",
    ],
    "es": [
        "El domingo por la mañana, la antigua biblioteca junto al río volvió a abrir tras dos años de obras.",
        "«No esperábamos a tanta gente», reconoció la jardinera mientras servía otra taza de té.",
        "Los precios del pan y de la leche apenas han cambiado desde la primavera, pero los alquileres sí.",
    ],
    "ar": [
        "افتتحت صباح الأحد المكتبة القديمة المطلة على النهر بعد عامين من الترميم، ووقف السكان في الصف منذ الفجر.",
        "وقالت البستانية وهي تصب الشاي للزوار إنها لم تتوقع حضور هذا العدد الكبير من الناس في يوم بارد.",
        "لم تتغير أسعار الخبز والحليب كثيرا منذ الربيع، لكن الإيجارات ارتفعت بمقدار العشر.",
    ],
    "ru": [
        "В воскресенье утром старая библиотека на берегу реки снова открылась после двух лет ремонта.",
        "«Мы не ждали столько гостей», — призналась садовница, разливая чай по чашкам.",
        "Цены на хлеб и молоко с весны почти не изменились, а аренда жилья подорожала на десятую часть.",
    ],
    "zh": [
        "星期天早上，河边的老图书馆经过两年的修缮重新开放，居民们一大早就来排队。",
        "园丁一边给大家倒茶一边说，她没有想到这么冷的天会来这么多人。",
        "春天以來，麵包和牛奶的價格幾乎沒有變化，房租卻上漲了一成。",
    ],
}

CHROME = {
    "en": {
        "navigation": "Skip to main content",
        "share": "Share this article",
        "read_more": "READ MORE:",
        "related": "Most read",
        "comment_prompt": "Leave a comment",
        "form_field": "E-mail *",
        "consent": "We use cookies to improve your visit.",
        "newsletter": "Sign up for our newsletter",
        "legal": "(c) 2019 Example Media",
        "contact": "Tel: 555 0199",
        "updated": "Last updated: 12 May 2021, 14:03",
        "byline": "By Jane Example",
        "agency": "(Reuters)",
        "credit": "(Photo: A. Example)",
        "source": "Source: Example Press",
        "advert": "Advertisement",
    },
    "de": {
        "navigation": "Zum Inhalt springen",
        "share": "Artikel teilen",
        "read_more": "WEITERLESEN »",
        "related": "Das könnte Sie auch interessieren:",
        "comment_prompt": "Kommentar schreiben",
        "form_field": "Straße und Hausnummer *",
        "consent": "Diese Website verwendet Cookies.",
        "newsletter": "Newsletter abonnieren",
        "legal": "Alle Rechte vorbehalten",
        "contact": "Telefon: 0555 0199",
        "updated": "Aktualisiert am 12. Mai 2021, 14:03 Uhr",
        "byline": "Von Erika Beispiel",
        "agency": "(dpa)",
        "credit": "Ein Boot auf dem Fluss. (Foto: Beispiel)",
        "source": "Quelle: Beispielblatt",
        "advert": "- Anzeige -",
    },
    "fr": {
        "navigation": "Aller au contenu principal",
        "share": "Partager sur Facebook",
        "read_more": "Lire aussi : Le pont rouvert",
        "related": "Sur le même sujet",
        "comment_prompt": "Laisser un commentaire",
        "form_field": "Adresse e-mail *",
        "consent": "Ce site utilise des cookies.",
        "newsletter": "Abonnez-vous à notre newsletter",
        "legal": "Tous droits réservés",
        "contact": "Tél. : 05 55 01 99",
        "updated": "Publié le 12 mai 2021 à 14h03",
        "byline": "Par Jeanne Exemple",
        "agency": "AFP",
        "credit": "Photo\u00a0: Jeanne Exemple",
        "source": "Source\u202f: Exemple Presse",
        "advert": "Publicité",
    },
    "es": {
        "navigation": "Ir al contenido",
        "share": "Compartir en Facebook",
        "read_more": "Lea también: Reabren el puente",
        "related": "Noticias relacionadas",
        "comment_prompt": "Deja un comentario",
        "form_field": "Correo electrónico *",
        "consent": "Utilizamos cookies propias y de terceros.",
        "newsletter": "Suscríbete a nuestro boletín",
        "legal": "Todos los derechos reservados",
        "contact": "Teléfono: 555 0199",
        "updated": "Última actualización: 12/05/2021",
        "byline": "Por Juana Ejemplo",
        "agency": "EFE",
        "credit": "Foto: Juana Ejemplo",
        "source": "Fuente: Ejemplo Prensa",
        "advert": "Publicidad",
    },
    "ar": {
        "navigation": "الصفحة الرئيسية",
        "share": "شارك على فيسبوك",
        "read_more": "اقرأ أيضًا: إعادة فتح الجسر",
        "related": "الأكثر قراءة",
        "comment_prompt": "أضف تعليقك",
        "form_field": "البريد الإلكتروني *",
        "consent": "يستخدم هذا الموقع ملفات تعريف الارتباط",
        "newsletter": "اشترك في النشرة البريدية",
        "legal": "جميع الحقوق محفوظة © 2021",
        "contact": "هاتف: 5550199",
        "updated": "آخر تحديث: 12 مايو 2021",
        "byline": "بقلم: سعاد مثال",
        "agency": "(رويترز)",
        "credit": "صورة أرشيفية",
        "source": "المصدر: وكالات",
        "advert": "إعلان",
    },
    "ru": {
        "navigation": "Главная страница",
        "share": "Поделиться в Facebook",
        "read_more": "Читайте также: Мост снова открыт",
        "related": "Самое читаемое",
        "comment_prompt": "Добавить комментарий",
        "form_field": "Ваше имя *",
        "consent": "Мы используем файлы cookie.",
        "newsletter": "Подпишитесь на нашу рассылку",
        "legal": "Все права защищены",
        "contact": "Телефон: 555-01-99",
        "updated": "Обновлено: 12.05.2021, 14:03",
        "byline": "Автор: Анна Примерова",
        "agency": "РИА Новости",
        "credit": "Фото: Анна Примерова",
        "source": "Источник: Пример",
        "advert": "РЕКЛАМА",
    },
    "zh": {
        "navigation": "当前位置：首页 > 新闻",
        "share": "分享到：",
        "read_more": "閱讀全文",
        "related": "相关新闻",
        "comment_prompt": "发表评论",
        "form_field": "電子郵件 *",
        "consent": "本网站使用cookie",
        "newsletter": "訂閱電子報",
        "legal": "版权所有 2021",
        "contact": "电话：5550199",
        "updated": "更新时间：2021-05-12 14:03",
        "byline": "記者/王小明",
        "agency": "新华社",
        "credit": "圖／範例社提供",
        "source": "来源：示例网",
        "advert": "廣告",
    },
}


def fold(line: str) -> str:
    """Fold a line as `Document.keys` does."""
    return Document(line, [line], [(0, len(line))]).keys[0]


def kinds(line: str) -> set[str]:
    """The kinds of phrases that a line shows."""
    return set(find_phrases([fold(line)]))


def test_the_packs_load() -> None:
    assert phrasebook().exact
    assert {pack.stem for pack in PACKS} >= {*PROSE, "networks"}


@pytest.mark.parametrize(("kind", "place", "phrases"), LISTS)
def test_a_list_is_well_formed(kind: str, place: str, phrases: list[str]) -> None:
    assert kind in KINDS
    assert place in {"exact", "starts", "holds"}
    assert all(phrase.strip() for phrase in phrases)
    assert [phrase for phrase in phrases if phrase != phrase.casefold()] == []
    assert sorted(phrases) == sorted(set(phrases)), "a phrase stands in the list twice"


@pytest.mark.parametrize(("kind", "place", "phrases"), LISTS)
def test_every_phrase_is_within_reach(kind: str, place: str, phrases: list[str]) -> None:
    """A phrase that folding cuts could never be found. What lines hold may begin with an edge inside the line."""
    if place == "exact":
        lost = [phrase for phrase in phrases if phrase.casefold().strip(EDGES) != phrase]
    elif place == "starts":
        lost = [phrase for phrase in phrases if phrase.lstrip(EDGES) != phrase]
    else:
        lost = [phrase for phrase in phrases if not phrase.strip(EDGES) or phrase not in fold(f"x {phrase}x")]
    assert lost == []


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.stem)
def test_every_phrase_is_found(pack: Path) -> None:
    tables = tomllib.loads(pack.read_text(encoding="utf-8"))
    lines = {"exact": "{}", "starts": "{}x", "holds": "x {}x"}
    missed = [
        (kind, place, phrase)
        for kind, places in tables.items()
        for place, phrases in places.items()
        for phrase in phrases
        if kind not in kinds(lines[place].format(phrase))
    ]
    assert missed == []


@pytest.mark.parametrize("sentence", [sentence for sentences in PROSE.values() for sentence in sentences])
def test_prose_shows_no_phrase(sentence: str) -> None:
    assert kinds(sentence) == set()


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        pytest.param(kind, line, id=f"{language}-{kind}")
        for language, samples in CHROME.items()
        for kind, line in samples.items()
    ],
)
def test_what_stands_around_an_article_is_known(kind: str, line: str) -> None:
    assert kind in kinds(line)


def test_every_kind_is_known_in_every_main_language() -> None:
    packs = {pack.stem: tomllib.loads(pack.read_text(encoding="utf-8")) for pack in PACKS}
    for language, samples in CHROME.items():
        assert set(samples) <= set(packs[language])


def test_what_is_looked_for_anywhere_in_a_line_is_rare() -> None:
    """A phrase that prose may hold by chance is long, or has a mark that prose has not in that place."""
    for pack in [pack for pack in PACKS if pack.stem != "networks"]:
        tables = tomllib.loads(pack.read_text(encoding="utf-8"))
        for phrase in chain.from_iterable(places.get("holds", ()) for places in tables.values()):
            marked = any(not char.isalnum() and not char.isspace() for char in phrase)
            assert marked or len(phrase.encode()) >= LONG_PHRASE, f"{pack.name}: {phrase}"
