"""The page and the meeting: one content, one renderer a format.

`content` turns an analysis into blocks with word limits, for the internal or the shared copy; the renderers set them
as PDF, PNG, HTML, Markdown and JSON. No number appears that is not in the analysis, and the same input gives the same
bytes.
"""
