"""The thresholds by which promotions are told from content; see ``rules``."""

from __future__ import annotations

from functools import partial

from sitebookify.book.extract.rules import Rule

_rule = partial(
    Rule, evidence="none of 16 sites of documentation has any; measured on blogs and news of our own making"
)

PROMOTION_WORDS = _rule(
    "teasers of other posts are a title and a sentence each; a section of a text is longer",
    200,
    "words at most",
    "test_teasers_are_short",
)
PROMOTION_LABEL = _rule(
    "a label and the title it announces are one line",
    30,
    "words at most",
    "test_a_line_to_another_post_is_short",
)
LABEL_OF_POSTS = _rule(
    "what announces other posts is a few words; a sentence that ends in a link is text",
    6,
    "words beside links at most",
    "test_a_label_of_posts_is_a_few_words",
)
SIGN_UP_WORDS = _rule(
    "a form for letters is announced in a few sentences; a box with more is a text that has a form in it",
    80,
    "words at most",
    "test_a_sign_up_box_is_a_few_sentences",
)
SIGN_UP_LINE = _rule(
    "a line that belongs to a form without a box of its own is a sentence",
    30,
    "words at most",
    "test_a_line_of_a_sign_up_form_is_a_sentence",
)
SIGN_UP_SENTENCE = _rule(
    "beside a form stand its title and its small print; a sentence on something else is the post's",
    9,
    "words at least",
    "test_a_short_post_with_a_form_in_it_stays",
)
SHARE_WORDS = _rule(
    "a row of share links names a dozen services in a few words each",
    48,
    "words at most",
    "test_a_share_row_names_services",
)
BESIDE_SHARED = _rule(
    "beside its links a row says what they are for; a text on sharing says more",
    8,
    "words at most",
    "test_a_share_row_says_little_beside_its_links",
)
ADVERT_WORDS = _rule(
    "an advert is a slogan, its label and a button",
    60,
    "words at most",
    "test_an_advert_is_short",
)
SPONSORED_WORDS = _rule(
    "a box that is no more than a link that was paid for and a few words; reviews describe what they link to",
    12,
    "words at most",
    "test_a_sponsored_box_is_a_few_words",
)
AUTHOR_WORDS = _rule(
    "a box says in a few sentences who wrote the post",
    120,
    "words at most",
    "test_a_box_about_the_author_is_a_few_sentences",
)
FOLLOW_WORDS = _rule(
    "a call to follow the site elsewhere is a line; a text that begins so goes on",
    15,
    "words at most",
    "test_a_call_to_follow_is_a_line",
)
FEEDBACK_WORDS = _rule(
    "readers are asked a question and given a few answers; a section that begins with a question goes on",
    30,
    "words at most",
    "test_a_question_to_the_reader_has_few_answers",
)
CARD_WORDS = _rule(
    "a row of cards has excerpts of a hundred words each; where all is linked nothing else is lost",
    800,
    "words at most",
    "test_cards_are_excerpts",
)
