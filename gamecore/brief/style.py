"""The palette, in one place for HTML and figures (the typst template has its own copy, kept the same by a test)."""

from __future__ import annotations

from typing import Final

__all__ = ["EDGES", "FILLS", "FONTS", "HAIR", "INK", "MARK", "MID", "SOFT", "TINT"]

INK: Final = "#15202B"
SOFT: Final = "#4F5D6B"
MARK: Final = "#0B3A5E"
HAIR: Final = "#C5CDD5"
TINT: Final = "#EEF3F7"
MID: Final = "#B9C7D4"
FILLS: Final = ("#1B4F80", "#F2B84B", "#3F8F83", "#D9C7E3")  # companies 1 to 4
EDGES: Final = ("#1B4F80", "#7A5200", "#2B6359", "#5B3F72")  # their lines and text
FONTS: Final = "'Source Sans Pro', 'Source Sans 3', 'Segoe UI', Calibri, Arial, sans-serif"
