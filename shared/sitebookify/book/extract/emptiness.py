"""Why a page that answers has nothing to read: scripts draw it, it asks for a password, or it keeps programs out.

Sold as a chapter, "Loading..." would be a book of nothing. Only pages of few words are judged, and by what stands in
the page: a container that scripts fill, a password's field, the words of a challenge.
"""

from __future__ import annotations

import re
from itertools import islice

from sitebookify.book.extract.emptiness_kinds import Emptiness
from sitebookify.book.extract.words import amount
from sitebookify.book.html.vocabulary import EMBEDDED, METADATA
from sitebookify.book.tree import Element, first_words, holds, is_inside, text_of

MOST_WORDS = 60
"""Words of text that a page may have to be judged: the short pages of real sites have more, or none of the signs."""
_FEW_WORDS = 12
"""Words that a shell has outside of its menus: "Loading, please wait"."""
_LONGEST_WAITING = 120
"""Characters of what a page says while it loads."""
_LONGEST_NAMES = 300
"""Characters of an element's names."""
_LONGEST_NOTICE = 2000
_MOST_FIELDS = 200
_SHOWN = EMBEDDED - {"applet", "canvas"}
"""Elements that show something without a word; what a canvas shows, a script draws."""
_MENUS = METADATA | {"header", "nav", "footer"}
_CONTAINERS = re.compile(
    r"(?:root|app|__next|__nuxt|___gatsby|svelte|main|content|application|docsify)(?:-root)?", re.IGNORECASE
)
_WAITING = re.compile(
    r"(?:(?:loading|please wait|initiali[sz]ing|starting|just a second|one moment|bitte warten|lade(?:n|vorgang)?|"
    r"wird geladen|einen moment|chargement(?: en cours)?|veuillez patienter|cargando|espere|carregando|caricamento|"
    r"attendere|laddar|ładowanie|загрузка|подождите|yükleniyor|"
    r"(?:ただ(?:いま|今))?読み?込み?中(?:です)?|ロード中(?:です)?|少々お待ち(?:下|くだ)さい|(?:しばらく)?お待ち(?:下|くだ)さい|"
    r"(?:正在)?(?:加载|載入|读取)中?|请稍候|請稍候|로딩(?: ?중)?)\W*){1,3}(?:\w{1,20}\W*){0,2}",
    re.IGNORECASE,
)
_NEEDS_SCRIPT = re.compile(r"java\s?script", re.IGNORECASE)
_CHALLENGE = re.compile(
    r"checking your browser|just a moment|attention required|verify(?:ing)? (?:that )?you are (?:a )?human|"
    r"are you (?:a (?:robot|human)|human)|ddos protection by|enable cookies and reload|unusual traffic|access denied|"
    r"security (?:check|verification)|complete the captcha|"
    r"browser (?:wird )?(?:über)?prüf|(?:nur )?einen (?:augenblick|moment)|dass (?:sie|du) (?:ein mensch|kein robot)|"
    r"(?:sind sie|bist du) (?:ein )?(?:mensch|robot)|sicherheits(?:über)?prüfung|zugriff verweigert|"
    r"vérification d(?:e|u) (?:votre )?navigateur|vous êtes (?:un )?humain|accès refusé|un instant|"
    r"verificando (?:su|tu) navegador|(?:es|eres) (?:un )?humano|acceso denegado|un momento|"
    r"проверк[аи] браузера|проверяем ваш браузер|доступ (?:ограничен|запрещ[её]н)|"
    r"ブラウザー?を(?:確認|検証|チェック)|人間(?:である|か)|ロボットでは(?:ない|ありません)|セキュリティ(?:の)?(?:確認|検証|チェック)|"
    r"アクセスが?(?:拒否|制限|ブロック|できません)|不審なアクセス|しばらくお待ち(?:下|くだ)さい|"
    r"(?:正在)?(?:检查|验证|檢查|驗證)(?:您的)?浏?瀏?[览覽]器|人机验证|安全验证|"
    r"请稍候|브라우저(?:를)? 확인|사람인지 확인",
    re.IGNORECASE,
)
_CHALLENGE_TEXT = re.compile(
    r"process is automatic|will redirect to your requested|you will be redirected|allow up to \d+ seconds|"
    r"solve this|unblock|\bray id\b|reference (?:id|#)|automatisch weitergeleitet|"
    r"vorgang (?:läuft|erfolgt) automatisch|redirigé automatiquement|"
    r"自動的に(?:移動|転送|遷移|リダイレクト)|(?:完了|終わ)る?まで.{0,12}お待ち|自动跳转",
    re.IGNORECASE,
)
_NAMES = ("id", "class", "src", "action")
_LOGIN = re.compile(
    r"\b(?:sign|log)[ -]?(?:in|on)\b|\blogin\b|\banmeld(?:en|ung)\b|\beinloggen\b|\bconnexion\b|se connecter|"
    r"iniciar sesión|inicio de sesión|\baccedi\b|\binloggen\b|\bвход\b|\bвойти\b|"  # noqa: RUF001 - Russian
    r"ログイン|サインイン|登录|登入|로그인",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(r"user|login|log-in|e-?mail|account|identifier|usr|konto", re.IGNORECASE)
_CHALLENGE_NAMES = re.compile(r"captcha|cf-challenge|challenge-(?:form|platform|running)|turnstile", re.IGNORECASE)


def emptiness_of(document: Element) -> Emptiness | None:
    """Why the whole page has nothing to read, or None where it has."""
    text = first_words(document, MOST_WORDS + 1, without=_MENUS)
    if amount(text) > MOST_WORDS:
        return None
    titles = " ".join(text_of(element) for element in document.iter("title", "h1", "h2"))[:1000]
    if _asks_for_proof(document, titles, text):
        return Emptiness.BLOCKED
    if _asks_for_password(document, titles):
        return Emptiness.NEEDS_LOGIN
    return Emptiness.NEEDS_JAVASCRIPT if _is_shell(document, text) else None


def _asks_for_password(document: Element, titles: str) -> bool:
    """True for a password's field, and for an account's under a title that says so: the password is asked for later."""
    fields = list(islice(document.iter("input"), _MOST_FIELDS))
    if any(_type_of(field) == "password" for field in fields):
        return True
    return _LOGIN.search(titles) is not None and any(map(_is_account, fields))


def _type_of(field: Element) -> str:
    return (field.get("type") or "text").strip().lower()


def _is_account(field: Element) -> bool:
    """True for a field for the name of an account, unless it stands in the site's margins."""
    if _type_of(field) not in ("text", "email", "tel") or is_inside(field, *_MENUS):
        return False
    names = " ".join(field.get(name, "") for name in ("name", "id", "autocomplete"))
    return _type_of(field) == "email" or _ACCOUNT.search(names[:_LONGEST_NAMES]) is not None


def _asks_for_proof(document: Element, titles: str, text: str) -> bool:
    """True where a title or a heading says what challenges say, and where their parts, or their other words, stand."""
    if not _CHALLENGE.search(titles):
        return False
    if holds(document, "script") or _CHALLENGE_TEXT.search(text):
        return True
    for element in document.iter("div", "form", "iframe"):
        names = (element.get(attribute, "")[:_LONGEST_NAMES] for attribute in _NAMES)
        if any(map(_CHALLENGE_NAMES.search, names)):
            return True
    return False


def _is_shell(document: Element, text: str) -> bool:
    """True for a page that says "Loading", or has a script and says that it needs it, or has a box that it fills."""
    if _says_wait(text):
        return True
    if not holds(document, "script") or amount(text) > _FEW_WORDS:
        return False
    if not text and not holds(document, *_SHOWN):
        return True
    # In the site's margins, what needs scripts is a switch or a search and not the page.
    of_page = (notice for notice in document.iter("noscript") if not is_inside(notice, "header", "nav", "footer"))
    notices = [text_of(notice)[:_LONGEST_NOTICE] for notice in of_page]
    if any(map(_NEEDS_SCRIPT.search, [*notices, text])):
        return True
    boxes = document.iter("div", "main", "section", "app-root", "app")
    containers = (box for box in boxes if _CONTAINERS.fullmatch(box.get("id") or str(box.tag)))
    texts = (text_of(box).strip() for box in containers)
    return any(not inside or _says_wait(inside) for inside in texts)


def _says_wait(text: str) -> bool:
    return len(text) <= _LONGEST_WAITING and _WAITING.fullmatch(text) is not None
