"""The names, labels and addresses by which `promotions` knows its kinds, and how little such an element says.

The words are those of the web's larger languages.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice

from sitebookify.book.extract.promotion_rules import PROMOTION_WORDS
from sitebookify.book.extract.words import amount
from sitebookify.book.html.vocabulary import BOXES, HEADINGS, PREFORMATTED
from sitebookify.book.tree import Element, holds, words_of

PROMOTION_BOXES = BOXES - {"article", "body", "main", "form", "search"}
"""Boxes that can be a promotion without being named as one."""
LABELLING = frozenset(
    (*HEADINGS[1:], "footer", "p", "div", "span", "strong", "b", "legend", "summary", "label", "small")
)
"""Elements that can announce one."""
NEAR = 4
"""Boxes around a link or a form, and elements beside it, that are looked at."""
_LONGEST_ADDRESS = 300
"""Characters of an address that are looked at."""
_LONGEST_NAMES = 200
"""Characters of an element's classes, or of its id, that are looked at."""
_OF_CONTENT = (*PREFORMATTED, "h1", "main", "code", "math")
"""What no promotion holds."""

_NAMES = {
    "advert": (
        r"ads?|adv|adverts?|advertisement|advertising|adsbygoogle|ad-?(?:slot|unit|container|wrapper|wrap|box|banner"
        r"|block|break|placement|placeholder|area|zone|space)(?:-.*)?|(?:.+-)?(?:ads?|advert|advertisement|advertorial)"
        r"|(?:dfp|gpt|google|gam|mpu|leaderboard)-ads?(?:-.*)?|dfp-.*|google-auto-placed|ads-(?:wrap|container|box)"
        r"|sponsor(?:ed|s|ship)?(?:-.*)?|promo(?:-box|-card|-banner|tion)?|carbon-?ads?|ethical-ad(?:-.*)?"
        r"|(?:taboola|outbrain|ob-widget|adthrive|ezoic-ad)(?:-.*)?|reward(?:-container|-box)?|donat(?:e|ion)(?:-box)?"
    ),
    "share links": (
        r"(?:.+-)?(?:share|sharing|social-share|share-this|sharethis|addthis|sharedaddy)"
        r"(?:-(?:buttons?|bar|row|links?|list|tools?|icons?|box|container|wrap|wrapper|toolbox|this|post|widget))?"
        r"|share-?buttons|sharrre.*|addtoany.*|a2a-kit|heateor.*|social-(?:buttons?|bar|links?|icons?)|post-social"
        r"|(?:.+-)?follow(?:-?(?:buttons?|box|links?|us|me|message|wrap|container|bar))?"
    ),
    "links to other posts": (
        r"(?:.+-)?(?:related|recommended|similar|suggested)-?(?:posts?|articles?|stories|story|entries|content|news|reads?|box)"
        r"|(?:inline|article|post|story|entry)-(?:related|recommended|recommendations)|related|jp-relatedposts|yarpp.*"
        r"|crp-related|read-?(?:next|more-wrap|also|more-box)|up-?next|more-(?:stories|posts|articles|from.*)|recirc.*"
        r"|you-(?:may|might)-(?:also-)?like|(?:most-?(?:read|popular)|trending|popular|latest)(?:-.*)?|promo|teaser-box"
    ),
    "box about the author": (
        r"(?:.+-)?author-?(?:box|bio|card|info|profile|description|about|block|section|details)|about-(?:the-)?author"
        r"|bio|.+-bio|post-author|entry-author|molongui.*|pp-author.*"
    ),
    "notice of rights": (
        r"(?:post|article|entry|page|content)-?(?:copyright|licen[sc]e|cc)(?:-.+)?"
        r"|(?:copyright|licen[sc]e|creative-?commons)-?(?:box|block|notice|card|info|container|wrap|wrapper|section)"
    ),
    "cookie banner": (
        r"(?:.+-)?cookies?-?(?:consent|banner|notice|bar|popup|law-info-bar|alert|message|warning|overlay)(?:-.*)?"
        r"|cookie-law.*|onetrust-.*|cc-(?:window|banner)|gdpr(?:-.*)?|(?:consent|privacy)-(?:banner|notice|popup|bar)|cmp-.*|cmplz-.*"
        r"|didomi-.*|cky-.*"
    ),
    "sign-up form": (
        r"(?:.+-)?(?:newsletter|subscribe|subscription|sign-?up|opt-?in|mailing-list|mailchimp|email-capture)"
        r"(?:-(?:box|form|promo|card|block|cta|banner|inline|wrap|wrapper|container|widget|section))?"
        r"|mc-embed-.*|ck-form.*|convertkit.*|substack-.*|wp-block-jetpack-subscriptions|paywall(?:-.*)?"
    ),
}
"""Patterns of whole classes and ids, in lower case with hyphens, by kind; a name alone decides nothing."""
_NAMED = {kind: re.compile(names) for kind, names in _NAMES.items()}

_ADVERTISEMENT = (
    "advertisement advertisements advert advertising ad ads sponsored promoted anzeige werbung publicité publicidad "
    "publicidade pubblicità reklama reklame reklam advertentie mainos annons annonce hirdetés "
    "реклама 広告 スポンサーリンク "
    "广告 廣告 광고"
).split()
_ADVERT_LABELS = frozenset(
    (
        *_ADVERTISEMENT,
        "sponsored content",
        "sponsored link",
        "sponsored links",
        "paid content",
        "paid advertisement",
        "contenu sponsorisé",
        "advertisement - scroll to continue",
        "advertisement - continue reading below",
        "article continues below advertisement",
        "story continues below advertisement",
        "article continues after advertisement",
        "article continues below",
        "story continues below",
    )
)
"""What an advert's box begins with, in lower case."""

ADVERT_MARKERS = _ADVERT_LABELS - {"ad", "ads", "advert", "advertising", "promoted", "sponsored"}
"""Labels that are removed also where they stand alone in the text: nobody says only this in a paragraph of a text."""

_SHARE_TARGET = re.compile(
    r"facebook\.com/(?:sharer|share\.php|dialog/)|(?:twitter|x)\.com/(?:intent/|share\b|home\?status)"
    r"|linkedin\.com/(?:shareArticle|sharing)|reddit\.com/submit|news\.ycombinator\.com/submitlink"
    r"|pinterest\.[a-z.]+/pin/create|(?:t|telegram)\.me/share|wa\.me/\?|whatsapp\.com/send|^whatsapp:"
    r"|getpocket\.com/(?:save|edit)|tumblr\.com/(?:share|widgets/share)|b\.hatena\.ne\.jp/(?:entry|add)"
    r"|social-plugins\.line\.me|line\.me/R/msg|^mailto:\?|bsky\.app/intent|threads\.net/intent|vk\.com/share"
    r"|weibo\.com/share|(?:^|[/?&])(?:share|sharer|share-post)(?:\.\w+)?(?:/?(?:[?=]|$)|/[\w-]+/?\?)",
    re.IGNORECASE,
)
"""Addresses at which something is shared; a directory ``share`` (``/usr/share/doc/…``) is none."""

SHARE_LABEL = re.compile(
    r"(?:share|teilen|auf .{2,20} teilen|partager|compartir|compartilhe|compartilhar|condividi|delen|dela|del på"
    r"|udostępnij|поделиться|シェア|共有"
    r"|分享|공유)"
)
"""What the label of a row of share links begins with."""

SIGN_UP = re.compile(
    r"newsletter|subscri|sign[- ]?up|signing up|inbox|mailing list|unsubscribe|no spam|join (?:us|\d|the|our|now|free)"
    r"|weekly|every (?:week|month|morning|monday|friday|sunday)|get (?:the|our|one|updates)|stay (?:in|up)"
    r"|abonnier|anmelden|abonnez|inscri|suscr|boletín|assine|iscriv|nieuwsbrief|prenumerera"
    r"|подпис|メールマガ|ニュースレター"
    r"|登録|订阅|訂閱|구독"
)
"""What is said around a form that asks for an address to send letters to."""

RIGHTS = re.compile(
    r"licen[sc]e|copyright|all rights reserved|\u00a9|\bcc[ -]by|reprint|reproduc|quelle|lizenz|urheber|licencia"
    r"|版权|著作权|著作権|許可|许可|转载|轉載|声明",
)
"""What is said of who may copy a text."""

_RELATED = re.compile(
    r"(?:you (?:may|might|will|'ll)(?: also)? (?:like|enjoy|love)|(?:what to )?read(?: this)? next|read also|also read"
    r"|more (?:from|stories|articles|posts|like this|news)|recommended (?:for you|reading|posts?|articles?|stories)"
    r"|(?:related|similar|recent|latest|popular) (?:posts?|articles?|stories|story|coverage|news|reads?)|don.t miss"
    r"|more on (?:this|the) (?:story|topic|subject)|more in (?:this|the) (?:section|category)|in case you missed it"
    r"|you (?:may|might) (?:also )?be interested in|editors?.s? picks?|from (?:the|our) archives?"
    r"|(?:all |other |more )?(?:posts|articles|parts|entries) in (?:this|the) series"
    r"|up next|keep reading|most (?:read|popular)|trending(?: now)?"
    r"|lesen sie auch|mehr zum thema|das könnte (?:sie|dich)|weitere artikel|ähnliche (?:artikel|beiträge)"
    r"|(?:à )?lire aussi|sur le même sujet|articles (?:similaires|liés)|vous aimerez"
    r"|te puede interesar|lee también|(?:artículos|noticias|entradas) relacionad[oa]s|leia (?:também|mais)"
    r"|leggi anche|articoli correlati|lees ook|читайте также"
    r"|czytaj (?:też|także)|関連記事|あわせて読みたい"
    r"|おすすめ記事|相关(?:文章|阅读)|延伸阅读|推荐阅读"
    r"|관련 ?기사)"
)
"""What links to other posts are announced with."""

_WAY_ON = re.compile(
    r"(?:read more|see also|continue reading|related|more on this|veja também|siehe auch|voir aussi)\s*(?::|$|[^\w\s])"
)
_AUTHOR = re.compile(
    r"(?:about the authors?|about the writer|written by|über (?:den autor|die autorin)|sobre (?:el|la|o|a) autora?"
    r"|à propos de l.auteur|l.autore|over de auteur|\u043e\u0431 авторе"  # "ob": ruff takes it for Latin
    r"|著者について|この記事を書いた人|作者简介)$"
)
"""What a box about the author begins with."""

_CONTENTS = re.compile(
    r"(?:(?:table of )?contents|on this page|in this (?:article|page|section|post)|inhalt(?:sverzeichnis)?|sommaire"
    r"|what.s in this \w+|table des matières|contenido|índice|目次|(?:文章)?目录|(?:文章)?目錄|содержание)\s*:?$"
)
"""What a list of the page's own headings is called."""

_FILED = re.compile(
    r"(?:filed (?:under|in)|posted in|categor(?:y|ies)|kategorien?|catégories?|categorías?|カテゴリー?|分类"
    r"|(?:related )?(?:topics|tags)|tagged(?: with| as)?|themen|schlagw(?:orte|örter)|étiquettes|etiquetas"
    r"|タグ|标签|標籤)\s*:?$"
)
"""What the line of a post's categories and tags begins with."""

_FOLLOW = re.compile(
    r"(?:please |don.t forget to )?(?:follow|find|join) (?:us|me|.{2,40}?) on (?:google news|whatsapp|twitter|x\b"
    r"|facebook|instagram|linkedin|mastodon|bluesky|telegram|youtube|threads|medium|social media)"
    r"|folge(?:n sie)? (?:uns|mir) (?:auf|bei)|suivez-nous sur|síguenos en|siga-nos no|seguici su"
)
"""What a call to follow the site elsewhere begins with."""

CALL = re.compile(
    r"(?:subscribe|sign up|join)(?: (?:now|here|free|today|for free))?|upgrade to paid"
    r"|become an? (?:\w+ )?(?:member|subscriber)"
    r"|start (?:your |a )?free trial|jump to recipe|leave a comment|share(?: this post)?|jetzt abonnieren|s.abonner"
    r"|suscr\u00edbete|\u8cfc\u8aad\u3059\u308b"
)
"""What a link says that stands alone in its box and only calls its reader to do something."""

_FEEDBACK = re.compile(
    r"(?:was|is) (?:this|the)(?: \w+){0,2} (?:helpful|useful)\b|did you find this(?: \w+){0,2} (?:helpful|useful)\b"
    r"|did this(?: \w+){0,2} (?:help|answer)|how (?:helpful|useful) (?:was|is) (?:this|the)|(?:rate|like) this \w+\b"
    r"|what do you think of this \w+|war (?:diese|dies)\w{0,2}(?: \w+)? (?:hilfreich|nützlich)"
    r"|(?:cette|ce) \w+ (?:vous )?(?:a-t-(?:elle|il)|est-(?:elle|il)) .{0,12}utile|¿(?:te|le|fue|ha sido).{0,30} útil"
    r"|(?:この|本)?(?:記事|ページ)は(?:お?役に立|参考にな)|(?:此|本)(?:页面?|文章|文档)(?:是否|对您)?(?:有帮助|有用)"
)
"""What readers are asked about a page."""

LABELS = {
    "question to the reader": _FEEDBACK,
    "links to other posts": _RELATED,
    "box about the author": _AUTHOR,
    "list of the page's headings": _CONTENTS,
    "line of categories": _FILED,
}
"""What texts begin with that announce something, by kind."""
LABELS_IN_POSTS = {"links to other posts": _WAY_ON, "call to follow": _FOLLOW}
"""The same in posts: elsewhere a text may send its reader on in these words."""


def size_within(element: Element, most: int) -> int:
    """Words of the element, or ``most`` + 1 where there are more: a page is not counted again and again."""
    size = 0
    for number, text in enumerate(element.itertext()):
        size += amount(str(text))
        if size > most or number > 8 * most:
            return most + 1
    return size


def is_small(element: Element, most: int) -> bool:
    """True for an element of so many words at most that holds nothing a promotion never does."""
    return size_within(element, most) <= most and not holds(element, *_OF_CONTENT)


def linked_words(element: Element) -> int:
    """Words in the element's links."""
    return sum(amount(words_of(link)) for link in islice(element.iter("a"), PROMOTION_WORDS.count))


def first_text(element: Element) -> str:
    """The first text in the element that is more than white space."""
    for text in element.itertext():
        if not str(text).isspace():
            return str(text)
    return ""


def in_lower_case(text: str) -> str:
    """The text on one line in lower case, as labels are compared."""
    return " ".join(text.lower().split())


def whole_label(label: Element, *tags: str) -> Element:
    """The element with one of these tags around the label, where it says no more; else the label."""
    around = label.getparent()
    if around is None or around.tag not in tags or words_of(around) != words_of(label):
        return label
    return around


def kind_by_name(element: Element) -> str:
    """The kind of promotion that the element's classes or its id name, or "".

    An id that the element's own heading gave it is the name of a section.
    """
    if not element.attrib:
        return ""
    kind = _kind_of(element.get("class", "")[:_LONGEST_NAMES])
    if kind:
        return kind
    identifier = element.get("id", "")[:_LONGEST_NAMES].lower()
    kind = _kind_of(identifier)
    return "" if kind and _is_named_by_heading(element, identifier) else kind


@lru_cache(maxsize=4096)
def _kind_of(names: str) -> str:
    for name in names.lower().replace("_", "-").split():
        for kind, pattern in _NAMED.items():
            if pattern.fullmatch(name):
                return kind
    return ""


def _is_named_by_heading(section: Element, identifier: str) -> bool:
    heading = next(section.iter(*HEADINGS), None)
    return heading is not None and "-".join(words_of(heading).lower().split()) == identifier


def is_advert_label(text: str) -> bool:
    """True for "Advertisement" and its like."""
    return in_lower_case(text).strip(" :-\u2013\u2014\u2022()[]") in _ADVERT_LABELS


def is_share_target(link: Element) -> bool:
    """True for a link to a place where pages are shared."""
    return _is_share_address(link.get("href", "")[:_LONGEST_ADDRESS])


@lru_cache(maxsize=4096)
def _is_share_address(address: str) -> bool:
    return bool(_SHARE_TARGET.search(address))
