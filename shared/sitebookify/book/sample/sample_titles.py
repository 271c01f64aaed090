"""The sample's title in each language that has one."""

TITLES = {"en": "From website to book", "ja": "ウェブサイトを本に"}
