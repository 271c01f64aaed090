"""A plot as SVG: two curves over the same axis, each with its own scale, readable on light and dark pages."""

from __future__ import annotations

from collections.abc import Sequence

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 720, 320, 70, 70, 40, 50
_COLOURS = ("#2f6fde", "#d9622b")
_STYLE = "text{font:13px system-ui,sans-serif;fill:#444}@media(prefers-color-scheme:dark){text{fill:#ccc}}"


def plot(axis: str, points: Sequence[float], curves: Sequence[tuple[str, Sequence[float]]]) -> str:
    """Both curves, (name, values at the points), from zero up."""
    parts = [_head(), _horizontal(axis, points)]
    for number, (name, values) in enumerate(curves):
        parts += _curve(number, name, points, values)
    return "\n".join([*parts, "</svg>\n"])


def _head() -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img"><style>{_STYLE}</style>'
    )


def _across(point: float, points: Sequence[float]) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * point / max(points)


def _up(share: float) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * share


def _horizontal(axis: str, points: Sequence[float]) -> str:
    low = _HEIGHT - _BOTTOM
    ticks = "".join(
        f'<text x="{_across(point, points):.0f}" y="{low + 20}" text-anchor="middle">{point:,.0f}</text>'
        for point in points
    )
    line = f'<path d="M{_LEFT} {low}H{_WIDTH - _RIGHT}" stroke="#888" fill="none"/>'
    return f'{line}{ticks}<text x="{_WIDTH / 2}" y="{low + 42}" text-anchor="middle">{axis}</text>'


def _curve(number: int, name: str, points: Sequence[float], values: Sequence[float]) -> list[str]:
    top = 1.15 * max(values)
    places = [(_across(point, points), _up(value / top)) for point, value in zip(points, values, strict=True)]
    colour, left = _COLOURS[number], number == 0
    line = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in places)
    labels = "".join(
        f'<text x="{x:.1f}" y="{y - 9:.1f}" text-anchor="middle">{value:,.0f}</text>'
        for (x, y), value in zip(places, values, strict=True)
    )
    x, anchor = (_LEFT, "start") if left else (_WIDTH - _RIGHT, "end")
    title = f'<text x="{x}" y="20" text-anchor="{anchor}" style="fill:{colour};font-weight:600">{name}</text>'
    return [f'<path d="M{line}" stroke="{colour}" stroke-width="2" fill="none"/>', dots, labels, title]
