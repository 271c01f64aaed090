"""Dates as pages write them."""

from __future__ import annotations

import pytest

from sitebookify.book.html.days import day_in


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Posted on March 5th, 2021", "2021-03-05"),
        ("Veröffentlicht am 5. März 2021 von Ida", "2021-03-05"),
        ("Publié le 1er août 2021", "2021-08-01"),
        ("5 de mayo de 2021", "2021-05-05"),
        ("5 мая 2021 в 10:00", "2021-05-05"),
        ("5 czerwca 2021", "2021-06-05"),
        ("Stand: 05.12.2021", "2021-12-05"),
        ("2021年3月5日公開", "2021-03-05"),
        ("2021년 3월 5일", "2021-03-05"),
        ("Posted Fri Mar  5 08:30:36 UTC 2021", "2021-03-05"),
        ("5 apples in 2021", ""),
        ("31.13.2021", ""),
    ],
)
def test_days(text: str, day: str) -> None:
    assert day_in(text) == day
