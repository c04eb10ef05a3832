"""Draw the demo's screen at one moment of its story, for the README.

python scripts/make_picture.py [docs/demo.svg]
"""

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from outagewatch.assets import asset, profiles
from outagewatch.cli.board import Board
from outagewatch.cli.screen import Screen
from outagewatch.config import load
from outagewatch.session import ReplayOptions, Session

MOMENT = datetime(2026, 1, 20, 2, 40, tzinfo=UTC)
WIDTH, HEIGHT = 100, 30
TEMPLATE = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
  font-size: {char_height}px; line-height: {line_height}px; }}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/></clipPath>{lines}</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def main() -> None:
    out = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/demo.svg")
    settings = load(None, "telecom-fr", environment={}, shipped=profiles())
    board = Board()
    screen = Screen(board, settings, "demo, France", height=HEIGHT)
    until = f"{MOMENT:%Y-%m-%dT%H:%M:%SZ}"
    options = ReplayOptions([str(asset("sample_data", "france.jsonl"))], until=until)
    with Session(settings, options, on_block=board.see) as session:
        for change in session.posts():
            board.tell(change)
        screen.n_posts = session.pipeline.totals.posts
    board.now = MOMENT
    console = Console(
        record=True, file=io.StringIO(), width=WIDTH, height=HEIGHT, force_terminal=True,
        color_system="truecolor", _environ={},
    )  # fmt: skip
    console.print(screen)
    out.parent.mkdir(exist_ok=True)
    svg = console.export_svg(title="outagewatch demo", code_format=TEMPLATE, unique_id="ow")
    out.write_text(svg, "utf-8")


if __name__ == "__main__":
    main()
