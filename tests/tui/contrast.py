"""Compute how well a colour can be read on another one, as WCAG 2.1 defines it."""

from __future__ import annotations


def compute_contrast(colour: str, ground: str) -> float:
    """Return the contrast of two colours such as `#d7d9de`: from 1, which cannot be read, to 21, which is black on white."""
    dark, light = sorted((_compute_luminance(colour), _compute_luminance(ground)))
    return (light + 0.05) / (dark + 0.05)


def _compute_luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
