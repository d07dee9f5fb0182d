"""The page as JSON: its blocks as data, for other programs."""

from __future__ import annotations

import json
from dataclasses import asdict

from gamecore.brief.blocks import Page

__all__ = ["json_page"]


def json_page(page: Page) -> bytes:
    """The page as one JSON document; keys are the fields of `Page` (no notes), `words` counts every block."""
    data = asdict(page)
    del data["notes"]
    data["words"] = {**page.words(), "total": sum(page.words().values())}
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()
