"""The few words that the book itself says, in the book's language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """The words in one language.

    ``translated`` and ``rewritten`` say that a ``{model}`` has made the text on a ``{date}`` and nobody has read it.
    """

    contents: str
    cover: str
    source: str
    sources: str
    search: str
    translated: str
    rewritten: str

    def of_sources(self, count: int) -> str:
        """The word for so many sources."""
        return self.source if count == 1 else self.sources


_LABELS = {
    "en": Labels(
        contents="Contents",
        cover="Cover",
        source="Source",
        sources="Sources",
        search="Search",
        translated="Machine-translated by {model} on {date}, unreviewed",
        rewritten="Rewritten by {model} on {date} from the site's text, unreviewed",
    ),
    "ja": Labels(
        contents="目次",
        cover="表紙",
        source="出典",
        sources="出典",
        search="検索",
        translated="{date} に {model} が機械翻訳、人の確認なし",
        rewritten="{date} に {model} がサイトの文章をもとに執筆、人の確認なし",
    ),
    "zh": Labels(
        contents="目录",
        cover="封面",
        source="来源",
        sources="来源",
        search="搜索",
        translated="由 {model} 于 {date} 机器翻译, 未经审校",
        rewritten="由 {model} 于 {date} 根据网站内容改写, 未经审校",
    ),
    "ko": Labels(
        contents="차례",
        cover="표지",
        source="출처",
        sources="출처",
        search="검색",
        translated="{date}에 {model}(으)로 기계 번역, 검수하지 않음",
        rewritten="{date}에 {model}(이)가 사이트 글을 바탕으로 다시 씀, 검수하지 않음",
    ),
    "de": Labels(
        contents="Inhalt",
        cover="Umschlag",
        source="Quelle",
        sources="Quellen",
        search="Suche",
        translated="Maschinell übersetzt von {model} am {date}, nicht geprüft",
        rewritten="Von {model} am {date} nach dem Text der Website neu geschrieben, nicht geprüft",
    ),
    "fr": Labels(
        contents="Sommaire",
        cover="Couverture",
        source="Source",
        sources="Sources",
        search="Recherche",
        translated="Traduit automatiquement par {model} le {date}, sans relecture",
        rewritten="Réécrit par {model} le {date} d'après le texte du site, sans relecture",
    ),
    "es": Labels(
        contents="Contenido",
        cover="Cubierta",
        source="Fuente",
        sources="Fuentes",
        search="Buscar",
        translated="Traducido automáticamente por {model} el {date}, sin revisar",
        rewritten="Reescrito por {model} el {date} a partir del texto del sitio, sin revisar",
    ),
    "pt": Labels(
        contents="Sumário",
        cover="Capa",
        source="Fonte",
        sources="Fontes",
        search="Pesquisar",
        translated="Traduzido automaticamente por {model} em {date}, sem revisão",
        rewritten="Reescrito por {model} em {date} a partir do texto do site, sem revisão",
    ),
    "it": Labels(
        contents="Indice",
        cover="Copertina",
        source="Fonte",
        sources="Fonti",
        search="Cerca",
        translated="Tradotto automaticamente da {model} il {date}, non revisionato",
        rewritten="Riscritto da {model} il {date} dal testo del sito, non revisionato",
    ),
    "ru": Labels(
        contents="Содержание",
        cover="Обложка",
        source="Источник",
        sources="Источники",
        search="Поиск",
        translated="Машинный перевод: {model}, {date}, без проверки",
        rewritten="Переписано моделью {model} по тексту сайта, {date}, без проверки",
    ),
    "ar": Labels(
        contents="المحتويات",
        cover="الغلاف",
        source="المصدر",
        sources="المصادر",
        search="بحث",
        translated="ترجمة آلية بواسطة {model} بتاريخ {date}، دون مراجعة",
        rewritten="أعاد {model} كتابته من نص الموقع بتاريخ {date}، دون مراجعة",
    ),
    "fa": Labels(
        contents="فهرست",
        cover="جلد",
        source="منبع",
        sources="منابع",
        search="جستجو",
        translated="ترجمهٔ ماشینی با {model} در {date}، بدون بازبینی",
        rewritten="بازنویسی {model} از متن سایت در {date}، بدون بازبینی",
    ),
    "he": Labels(
        contents="תוכן העניינים",
        cover="כריכה",
        source="מקור",
        sources="מקורות",
        search="חיפוש",
        translated="תרגום מכונה על ידי {model} בתאריך {date}, ללא בדיקה",
        rewritten="נכתב מחדש על ידי {model} מתוך טקסט האתר בתאריך {date}, ללא בדיקה",
    ),
}


def labels_of(language: str) -> Labels:
    """The words in the language of a BCP 47 tag; in English where there are none."""
    return _LABELS.get(language.partition("-")[0].lower(), _LABELS["en"])
