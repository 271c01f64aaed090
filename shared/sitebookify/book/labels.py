"""The few words that the book itself says, in the book's language."""

from __future__ import annotations

_WORDS = {
    "en": {"contents": "Contents", "cover": "Cover", "source": "Source", "sources": "Sources", "search": "Search"},
    "ja": {"contents": "目次", "cover": "表紙", "source": "出典", "sources": "出典", "search": "検索"},
    "zh": {"contents": "目录", "cover": "封面", "source": "来源", "sources": "来源", "search": "搜索"},
    "ko": {"contents": "차례", "cover": "표지", "source": "출처", "sources": "출처", "search": "검색"},
    "de": {"contents": "Inhalt", "cover": "Umschlag", "source": "Quelle", "sources": "Quellen", "search": "Suche"},
    "fr": {
        "contents": "Sommaire",
        "cover": "Couverture",
        "source": "Source",
        "sources": "Sources",
        "search": "Recherche",
    },
    "es": {"contents": "Contenido", "cover": "Cubierta", "source": "Fuente", "sources": "Fuentes", "search": "Buscar"},
    "pt": {"contents": "Sumário", "cover": "Capa", "source": "Fonte", "sources": "Fontes", "search": "Pesquisar"},
    "it": {"contents": "Indice", "cover": "Copertina", "source": "Fonte", "sources": "Fonti", "search": "Cerca"},
    "ru": {
        "contents": "Содержание",
        "cover": "Обложка",
        "source": "Источник",
        "sources": "Источники",
        "search": "Поиск",
    },
    "ar": {"contents": "المحتويات", "cover": "الغلاف", "source": "المصدر", "sources": "المصادر", "search": "بحث"},
    "fa": {"contents": "فهرست", "cover": "جلد", "source": "منبع", "sources": "منابع", "search": "جستجو"},
    "he": {"contents": "תוכן העניינים", "cover": "כריכה", "source": "מקור", "sources": "מקורות", "search": "חיפוש"},
}


def label(name: str, language: str) -> str:
    """The word for ``name`` in the language of a BCP 47 tag; English where there is none."""
    return _WORDS.get(language.partition("-")[0].lower(), _WORDS["en"])[name]


_TRANSLATED = {
    "en": "Machine-translated by {model} on {date}, unreviewed",
    "ja": "{date} に {model} が機械翻訳、人の確認なし",
    "zh": "由 {model} 于 {date} 机器翻译, 未经审校",
    "ko": "{date}에 {model}(으)로 기계 번역, 검수하지 않음",
    "de": "Maschinell übersetzt von {model} am {date}, nicht geprüft",
    "fr": "Traduit automatiquement par {model} le {date}, sans relecture",
    "es": "Traducido automáticamente por {model} el {date}, sin revisar",
    "pt": "Traduzido automaticamente por {model} em {date}, sem revisão",
    "it": "Tradotto automaticamente da {model} il {date}, non revisionato",
    "ru": "Машинный перевод: {model}, {date}, без проверки",
    "ar": "ترجمة آلية بواسطة {model} بتاريخ {date}، دون مراجعة",
    "fa": "ترجمهٔ ماشینی با {model} در {date}، بدون بازبینی",
    "he": "תרגום מכונה על ידי {model} בתאריך {date}, ללא בדיקה",
}


def translated_by(model: str, date: str, language: str) -> str:
    """That a model has translated the book on a day (YYYY-MM-DD) and nobody has read it; in the book's language."""
    words = _TRANSLATED.get(language.partition("-")[0].lower(), _TRANSLATED["en"])
    return words.format(model=model, date=date)


_REWRITTEN = {
    "en": "Rewritten by {model} on {date} from the site's text, unreviewed",
    "ja": "{date} に {model} がサイトの文章をもとに執筆、人の確認なし",
    "zh": "由 {model} 于 {date} 根据网站内容改写, 未经审校",
    "ko": "{date}에 {model}(이)가 사이트 글을 바탕으로 다시 씀, 검수하지 않음",
    "de": "Von {model} am {date} nach dem Text der Website neu geschrieben, nicht geprüft",
    "fr": "Réécrit par {model} le {date} d'après le texte du site, sans relecture",
    "es": "Reescrito por {model} el {date} a partir del texto del sitio, sin revisar",
    "pt": "Reescrito por {model} em {date} a partir do texto do site, sem revisão",
    "it": "Riscritto da {model} il {date} dal testo del sito, non revisionato",
    "ru": "Переписано моделью {model} по тексту сайта, {date}, без проверки",
    "ar": "أعاد {model} كتابته من نص الموقع بتاريخ {date}، دون مراجعة",
    "fa": "بازنویسی {model} از متن سایت در {date}، بدون بازبینی",
    "he": "נכתב מחדש על ידי {model} מתוך טקסט האתר בתאריך {date}, ללא בדיקה",
}


def rewritten_by(model: str, date: str, language: str) -> str:
    """That a model has written the text anew on a day (YYYY-MM-DD) and nobody has read it; in the book's language."""
    words = _REWRITTEN.get(language.partition("-")[0].lower(), _REWRITTEN["en"])
    return words.format(model=model, date=date)
