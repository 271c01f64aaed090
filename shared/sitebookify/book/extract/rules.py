"""The thresholds by which a page's content is told from what is the site's, each with its reason and evidence.

The modules that learn and choose read them here. The evidence says what changes in 54 saved pages, 6 each of
9 sites of documentation, when the threshold is lowered or raised by a third and everything is learned anew: in which
pages another root, title or list of links is chosen, or other blocks are removed. Those sites lie far from most of the
thresholds; what each is for, its example in ``tests/unit/book/extract/test_rules.py`` shows, which fails when the
threshold is moved by a third either way. ``make bench NAME=thresholds`` moves them all.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """A threshold: its reason, value and unit, the test that pins it, and what other values were seen to do."""

    reason: str
    threshold: float
    unit: str
    example: str
    evidence: str = "a third less or more changes none of 54 pages"

    @property
    def count(self) -> int:
        """The threshold of what is counted in whole units."""
        return round(self.threshold)


# What pages share.

SAMPLE = Rule(
    "more pages teach little more, and each costs as much as extracting it",
    24,
    "pages looked at",
    "test_a_sample_is_small",
    "24 pages of the Rust Book are learned in the time in which 36 are extracted",
)
FEWEST_PAGES = Rule(
    "what two pages have in common may be chance",
    3,
    "pages that agree",
    "test_a_site_has_at_least_three_pages",
)
IN_USE = Rule(
    "a class or id that few pages use names what they hold, not what the template calls a place",
    0.2,
    "of the pages",
    "test_names_that_the_template_gives",
)
SHARED = Rule(
    "what a third of the pages say in the same words at the same place is the site's: sections have menus of their own",
    0.3,
    "of the pages",
    "test_what_a_third_of_the_pages_say",
)
USUAL = Rule(
    "what a template puts on a page is on most of its pages; other kinds of page lack it",
    0.6,
    "of the pages",
    "test_what_most_pages_say_but_for_their_dates",
    "lowered it changes 5 of 54 pages (Apache's manual in Japanese)",
)
"""Also of the pages that are made from a template, of the blocks of a kind that are bars, of the titles."""

SAME_TEMPLATE = Rule(
    "pages of one template lack some of its parts: a picture, tags, a note; lists have other parts than posts",
    0.6,
    "of the named places of either page",
    "test_pages_of_one_template_have_the_same_places",
)
TELLING_PLACES = Rule(
    "a notice, a date or a picture that a page has or lacks makes it no page of another template",
    3,
    "named places at least that only one of two pages has",
    "test_templates_differ_in_three_places",
)

# Bars of links.

BAR_WORDS = Rule(
    "titles of neighbours make bars long, but none is as long as a paragraph",
    80,
    "words at most",
    "test_a_bar_is_short",
)
BAR_TEXT = Rule(
    "what stands beside a bar's links are labels, not sentences",
    40,
    "words beside links at most",
    "test_a_bar_has_little_text_beside_its_links",
)
BARS = Rule(
    "a page has its bars above the text and below; what stands there more often is a list in the text",
    2,
    "of one kind on a page at most",
    "test_a_page_has_two_bars_of_a_kind",
)
LINK_LIST = Rule(
    "sentences with links have fewer words in them than beside them",
    0.6,
    "of the words in links at least",
    "test_links_that_many_pages_have_among_words",
)
REPEATED_BAR = Rule(
    "a few linked words that many pages have in the midst of their text are mentions",
    9,
    "words at least of a bar in the text",
    "test_a_few_words_in_the_text_are_no_bar",
)
PAGER_LINKS = Rule(
    "a pager leads back, on and up; twice as far where it has links that are the same on all pages, as Texinfo's has",
    3,
    "links at most",
    "test_a_pager_has_three_links",
)
CONSTANT_LINKS = Rule(
    "two links that are the same on most pages (contents, top) show that a longer row is a bar",
    2,
    "links at least",
    "test_a_longer_pager_has_two_links_that_stay",
)
PAGER_LABEL = Rule(
    "labels of a pager are a few words: Previous, Next, Up",
    6,
    "words beside the links at most",
    "test_a_pager_is_labelled_in_a_few_words",
)
NEIGHBOURS = Rule(
    "another bar that leads to the page's neighbours is short too",
    5,
    "links at most",
    "test_a_second_bar_leads_to_the_same_pages",
)

# Lists of the page's headings, menus, what is hidden.

MOSTLY = Rule(
    "a menu marks the page's own entry, and opens its part",
    0.8,
    "of the words",
    "test_a_menu_is_mostly_the_same",
    "raised it changes 1 of 54 pages (Apache's manual in Japanese)",
)
HEADINGS_LISTED = Rule(
    "two links to the page's headings may stand in any text",
    3,
    "links at least",
    "test_a_list_of_headings_has_three",
    "lowered it changes 1 of 54 pages (PostgreSQL)",
)
BESIDE_HEADINGS = Rule(
    "a list of headings numbers its entries; one that says more about them is an introduction",
    2,
    "words beside each link at most",
    "test_a_list_of_headings_says_no_more",
)
HIDDEN_LABEL = Rule(
    "hidden text that is opened by a click is a sentence; less are labels for screen readers",
    5,
    "words at most",
    "test_hidden_labels_are_short",
)
LEAST_LEFT = Rule(
    "where navigation that only this page has is most of its content it is what the page is for: contents, an index",
    0.5,
    "of the root's words left at least",
    "test_a_page_of_contents_keeps_its_list",
)
LEAST_TEXT = Rule(
    "where less is left, what all pages say in the same words is what they have to say",
    5,
    "words beside headings at least",
    "test_a_page_says_five_words",
)
RECORD_COLUMNS = Rule(
    "a row of headings over a row of values is a record; DocBook's bars have one heading, the chapter's",
    2,
    "cells of a row of headings at least",
    "test_a_record_has_two_columns",
    "bars of DocBook and PostgreSQL have rows of one heading",
)
LABELLED_ROWS = Rule(
    "a box with one label and one text is drawn like this for other reasons too: a date beside a title",
    2,
    "rows of two boxes at least",
    "test_a_record_has_two_rows",
    "measured on sites of our own making",
)

# The root.

UNCONFIRMED = Rule(
    "comments and teasers are a page's own words too; trafilatura tells them from the article, but misses a good part",
    0.2,
    "weight of a word that trafilatura does not take for content",
    "test_teasers_weigh_little",
    "neither way changes one of 24 pages of 4 sites",
)
CONFIRMED = Rule(
    "trafilatura changes spaces and marks within a block, so not every pair of words is found again",
    0.5,
    "of a block's pairs of words at least",
    "test_half_of_a_block_confirms_it",
    "neither way changes one of 24 pages of 4 sites",
)
LEAST_CONFIRMED = Rule(
    "where trafilatura finds next to nothing it was led astray, and is not believed",
    0.2,
    "of the page's words at least",
    "test_next_to_nothing_confirms_nothing",
    "neither way changes one of 24 pages of 4 sites",
)
MOST_ELEMENTS = Rule(
    "trafilatura takes 800 MiB and half a minute for a page of 5 MB with 156,000 elements, 190 MiB for 32,000 elements",
    20_000,
    "elements at most of a page that trafilatura is asked about",
    "test_large_pages_are_read_without_trafilatura",
    "the longest page of Python's documentation has 17,000",
)
HELD = Rule(
    "a root without a template must hold nearly all that is the page's own, or text is lost",
    0.9,
    "of the page's own words at least",
    "test_a_root_holds_nearly_all",
)
TRUSTED = Rule(
    "a template's root may hold less: long comments, or columns beside the text, are a page's own too",
    0.6,
    "of the page's own words at least",
    "test_a_template_holds_most",
)
SENTENCE = Rule(
    "dates and labels stand in plain boxes; as many words as a sentence has are text",
    15,
    "words at least",
    "test_a_sentence_in_a_plain_box_is_text",
)
TEMPLATE_SHARE = Rule(
    "a template that fewer pages are made from is not worth being told apart",
    0.1,
    "of the pages at least",
    "test_a_template_is_one_of_ten_pages",
)
MOST_ROOTS = Rule(
    "a site has few kinds of page: text, reference, list, start",
    4,
    "templates at most",
    "test_four_templates_are_told_apart",
)
# Lists of links.

LINKS_OF_A_PAGE = Rule(
    "a list with more is no guide to a book, and what is stored with each page is bounded",
    5000,
    "links at most",
    "test_lists_of_links_are_bounded",
)
ENTRY = Rule(
    "longer titles are cut: what is stored is bounded",
    200,
    "characters at most",
    "test_titles_of_entries_are_bounded",
)
BESIDE_ENTRY = Rule(
    "an entry may say as much as its link beside it, or a number and a mark",
    3,
    "words at most",
    "test_an_entry_says_little_beside_its_link",
    "raised it changes 5 of 54 pages (PyMdown)",
)
DISTINCT = Rule(
    "contents name each page once, with its sections; an index of words comes back to the same pages",
    0.7,
    "of the times that another page is named, it is a new one at least",
    "test_contents_lead_to_different_pages",
)

ROW_LINKS = Rule(
    "a pager leads back, on and up; what leads to more pages from boxes that are no list says which pages there are",
    4,
    "links at least of a menu without lists",
    "test_a_menu_without_lists_has_four_links",
    "measured on sites of our own making",
)
ROW_LABEL = Rule(
    "what names a group of links is a few words; more are a sentence, and the links mentions in a text",
    60,
    "characters at most of a text between links",
    "test_labels_between_links_are_short",
    "measured on sites of our own making",
)

# Signs beside titles and code.

SIGN_WORDS = Rule(
    "signs are short: source, edit, run this code",
    3,
    "words at most",
    "test_signs_are_short",
)
SIGN_BOX = Rule(
    "in a box of many parts, and in a title of many links, a link is one of many",
    12,
    "parts or links at most",
    "test_signs_stand_nearly_alone",
)
SIGN_PLACES = Rule(
    "a sign leads to another place on each page; a few pages may share one",
    0.8,
    "places for each page at least",
    "test_signs_lead_elsewhere_on_each_page",
)
