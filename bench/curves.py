"""Risk-coverage curves as plain SVG: how many answers are wrong if only the surest questions are answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT = 360, 260  # pixels of one panel's axes
LEFT, TOP, BOTTOM, GAP = 56, 40, 48, 72
FONT = 12
LETTER = 6.6  # pixels, the mean width of a letter at FONT
HIGHEST = 0.6  # risk at the top of a panel
GRID = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
COLOURS = ("#9e9e9e", "#616161", "#8d6e63", "#ef6c00", "#1565c0", "#6a1b9a", "#2e7d32", "#c62828")

Panel = Mapping[str, Sequence[float]]  # system → risk at 1 %, 2 %, … 100 % coverage


def picture(panels: Mapping[str, Panel]) -> str:
    """All panels side by side, with one legend; a system has the same colour in each of them."""
    names = list(dict.fromkeys(name for panel in panels.values() for name in panel))
    colours = {name: COLOURS[number % len(COLOURS)] for number, name in enumerate(names)}
    body = [
        line for number, (title, panel) in enumerate(panels.items()) for line in _panel(number, title, panel, colours)
    ]
    x = LEFT + len(panels) * (WIDTH + GAP) - GAP / 2
    for number, name in enumerate(names):
        y = TOP + FONT + number * 2 * FONT
        body.append(
            f'<line x1="{x:.0f}" y1="{y}" x2="{x + 24:.0f}" y2="{y}" stroke="{colours[name]}" stroke-width="3"/>'
        )
        body.append(f'<text x="{x + 30:.0f}" y="{y + 4}">{escape(name)}</text>')
    width = x + 36 + max((len(name) for name in names), default=0) * LETTER
    height = TOP + HEIGHT + BOTTOM
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}" '
        f'font-family="sans-serif" font-size="{FONT}">\n<rect width="100%" height="100%" fill="white"/>'
    )
    return "\n".join([head, *body, "</svg>", ""])


def _panel(number: int, title: str, panel: Panel, colours: Mapping[str, str]) -> Sequence[str]:
    left = LEFT + number * (WIDTH + GAP)
    floor = TOP + HEIGHT
    lines = [f'<text x="{left}" y="{TOP - 16}" font-weight="bold">{escape(title)}</text>']
    for share in GRID:
        x = left + share * WIDTH
        lines.append(f'<text x="{x:.0f}" y="{floor + 16}" text-anchor="middle">{share:.0%}</text>')
        if share <= HIGHEST:
            y = floor - share / HIGHEST * HEIGHT
            lines.append(f'<line x1="{left}" y1="{y:.1f}" x2="{left + WIDTH}" y2="{y:.1f}" stroke="#e0e0e0"/>')
            lines.append(f'<text x="{left - 6}" y="{y + 4:.0f}" text-anchor="end">{share:.0%}</text>')
    lines.append(f'<text x="{left + WIDTH / 2:.0f}" y="{floor + 36}" text-anchor="middle">questions answered</text>')
    turned = f'transform="rotate(-90 {left - 42} {TOP + HEIGHT / 2:.0f})"'
    lines.append(
        f'<text x="{left - 42}" y="{TOP + HEIGHT / 2:.0f}" {turned} text-anchor="middle">answers that are wrong</text>'
    )
    return [*lines, *(_curve(left, floor, risks, colours[name]) for name, risks in panel.items())]


def _curve(left: float, floor: float, risks: Sequence[float], colour: str) -> str:
    points = " ".join(
        f"{left + (number + 1) / len(risks) * WIDTH:.1f},{floor - risk / HIGHEST * HEIGHT:.1f}"
        for number, risk in enumerate(risks)
        if risk <= HIGHEST
    )
    return f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
