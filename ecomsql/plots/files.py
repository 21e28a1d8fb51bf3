"""Pictures as files: the same picture gives the same bytes."""

from __future__ import annotations

import html
import io
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib.font_manager import findfont, get_font

from ecomsql.plots.picture import drawn
from ecomsql.plots.style import styled
from ecomsql.plots.titles import shown

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ecomsql.plots.panels import Picture

_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>body {{ margin: 1rem }} svg {{ display: block; max-width: 100%; height: auto }}</style>
</head>
<body>
{svg}
</body>
</html>
"""


def write(picture: Picture, path: Path, form: str, *, title: str) -> None:
    """Draw a picture into a file.

    Parameters
    ----------
    picture : Picture
        What to draw.
    path : Path
        File to write.
    form : str
        png; svg, whose texts are texts; or html, a page with the SVG in it and nothing to load.
    title : str
        Title of an HTML page.
    """
    with styled():
        figure = drawn(picture)
        if form == "png":
            figure.savefig(path, format="png", metadata={"Software": None})
            return
        svg = _svg(figure)
    if form == "html":
        svg = _PAGE.format(title=html.escape(title), svg=svg[svg.index("<svg") :].strip())
    path.write_text(svg, encoding="utf-8")


def lacks_letters(picture: Picture) -> bool:
    """Whether a PNG shows boxes for some letters of the titles, which its font does not have."""
    there = get_font(findfont("DejaVu Sans")).get_charmap()
    texts = [picture.title, *(panel.title for panel in picture.panels)]
    texts += picture.panels[0].values
    return any(ord(letter) not in there for text in texts for letter in shown(text))


def _svg(figure: Figure) -> str:
    """Return a figure as SVG, without the date and the version that made it."""
    into = io.StringIO()
    figure.savefig(into, format="svg", metadata={"Date": None, "Creator": None})
    return into.getvalue()
