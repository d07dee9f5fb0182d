"""The page's font: the four faces of Source Sans Pro that are used, and which characters they have.

typst takes folders of fonts. The package's folder holds every face twice (OTF and TTF), so the four OTF faces are laid
into a folder of their own, once a process; system fonts are never looked at. The bundled fallback is loaded only for a
text with a character that Source Sans Pro lacks, because loading it costs more than the page.
"""

from __future__ import annotations

import atexit
import functools
import importlib.util
import shutil
import struct
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import typst

__all__ = ["FAMILY", "characters", "font_set", "missing"]

FAMILY: Final = "Source Sans Pro"
_FACES: Final = ("Regular", "It", "Semibold", "Bold")
_INVISIBLE: Final = frozenset("\n\t\r\N{WORD JOINER}\N{ZERO WIDTH SPACE}\N{SOFT HYPHEN}\N{ZERO WIDTH NO-BREAK SPACE}")


@functools.cache
def _package() -> Path:
    found = importlib.util.find_spec("font_source_sans_pro")
    if found is None or found.origin is None:
        raise ImportError("the package font-source-sans-pro is missing; install gamecore with its dependencies")
    return Path(found.origin).parent / "files"


@functools.cache
def _folder() -> Path:
    """A folder with the four faces and nothing else, for as long as the process lives."""
    folder = Path(tempfile.mkdtemp(prefix="gamecore-fonts-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for face in _FACES:
        name = f"SourceSansPro-{face}.otf"
        try:
            (folder / name).symlink_to(_package() / name)
        except OSError:
            shutil.copyfile(_package() / name, folder / name)
    return folder


@functools.cache
def font_set(*, fallback: bool = False) -> typst.Fonts:
    """The fonts handed to typst, with its bundled ones behind them if `fallback`."""
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=fallback, font_paths=[str(_folder())])


@functools.cache
def characters(*, italic: bool = False) -> frozenset[int]:
    """Every character that all upright faces have, or that the italic one has, which lacks Greek and Cyrillic."""
    faces = ("It",) if italic else ("Regular", "Semibold", "Bold")
    maps = [_character_map((_package() / f"SourceSansPro-{face}.otf").read_bytes()) for face in faces]
    return frozenset(set.intersection(*maps))


def missing(text: str, *, italic: bool = False) -> tuple[str, ...]:
    """The characters of a text that Source Sans Pro lacks, in order of appearance."""
    if text.isascii():
        return ()
    have = characters(italic=italic)
    return tuple(
        dict.fromkeys(one for one in text if not one.isascii() and ord(one) not in have and one not in _INVISIBLE)
    )


def _character_map(font: bytes) -> set[int]:
    """The characters in a font's `cmap` table (OpenType 1.9, formats 4 and 12)."""
    (tables,) = struct.unpack_from(">H", font, 4)
    start = next(
        offset
        for tag, _, offset, _ in (struct.unpack_from(">4sLLL", font, 12 + 16 * index) for index in range(tables))
        if tag == b"cmap"
    )
    (count,) = struct.unpack_from(">H", font, start + 2)
    found: set[int] = set()
    for index in range(count):
        _, _, offset = struct.unpack_from(">HHL", font, start + 4 + 8 * index)
        at = start + offset
        (kind,) = struct.unpack_from(">H", font, at)
        if kind == 12:
            (groups,) = struct.unpack_from(">L", font, at + 12)
            for group in range(groups):
                first, last, _ = struct.unpack_from(">LLL", font, at + 16 + 12 * group)
                found.update(range(first, last + 1))
        elif kind == 4:
            (doubled,) = struct.unpack_from(">H", font, at + 6)
            ends = struct.unpack_from(f">{doubled // 2}H", font, at + 14)
            starts = struct.unpack_from(f">{doubled // 2}H", font, at + 16 + doubled)
            for first, last in zip(starts, ends, strict=True):
                found.update(range(first, min(last, 0xFFFE) + 1))
    return found
