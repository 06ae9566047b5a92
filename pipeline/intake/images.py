"""Looks at a picture's headers and structure, never at its pixels: how many frames, how big, is all of it there."""

from __future__ import annotations

import mmap
import warnings
from collections.abc import Iterator
from typing import BinaryIO

from PIL import Image, JpegImagePlugin, PngImagePlugin, TiffImagePlugin, UnidentifiedImageError

from pipeline.document import Kind
from pipeline.errors import RefusedError

_FORMATS = {Kind.TIFF: "TIFF", Kind.JPEG: "JPEG", Kind.PNG: "PNG", Kind.HEIC: "HEIF"}
_PLUGINS = (TiffImagePlugin, JpegImagePlugin, PngImagePlugin)  # imported before the child's limits fall
_BLOCKS = ((273, 279), (324, 325))  # TIFF 6.0: strip and tile offsets with their byte counts


def check_image(file: BinaryIO, kind: Kind, size: int, max_frames: int, max_pixels: int) -> int:
    """The number of frames; RefusedError for too many, too big, truncated or damaged ones. `size` in bytes."""
    if kind is Kind.HEIC:
        _register_heif()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's own bomb warning: the limit here is ours
            Image.MAX_IMAGE_PIXELS = None
            with Image.open(file, formats=[_FORMATS[kind]]) as image:
                _check_pixels(image.size, max_pixels)
                frames = _check_frames(image, size, max_frames, max_pixels) if kind is Kind.TIFF else 1
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        EOFError,
    ) as error:
        raise RefusedError("damaged-image", reason=type(error).__name__) from error
    if kind in {Kind.JPEG, Kind.PNG} and not _ends(file, kind):
        raise RefusedError("truncated")
    return frames


def _register_heif() -> None:
    import pillow_heif

    pillow_heif.register_heif_opener()


def _check_pixels(size: tuple[int, int], max_pixels: int) -> None:
    width, height = size
    if width * height > max_pixels:
        raise RefusedError("too-many-pixels", width=width, height=height, limit=max_pixels // 1_000_000)


def _check_frames(image: Image.Image, size: int, max_frames: int, max_pixels: int) -> int:
    """Walk the pages of a TIFF; Pillow itself stops at a chain of directories that bites its own tail."""
    frames = 0
    while True:
        try:
            image.seek(frames)
        except EOFError:
            break
        _check_pixels(image.size, max_pixels)
        _check_blocks(image, size)
        frames += 1
        if frames > max_frames:
            raise RefusedError("too-many-pages", pages=f"> {max_frames}", limit=max_frames)
    if frames == 0:
        raise RefusedError("no-pages")
    return frames


def _check_blocks(image: Image.Image, size: int) -> None:
    tags = getattr(image, "tag_v2", {})
    for offsets, counts in _BLOCKS:
        if any(
            offset + count > size
            for offset, count in zip(_numbers(tags, offsets), _numbers(tags, counts), strict=False)
        ):
            raise RefusedError("truncated")


def _numbers(tags: object, tag: int) -> Iterator[int]:
    value = tags.get(tag, ())  # type: ignore[attr-defined]
    return iter(value if isinstance(value, tuple) else (value,))


def _ends(file: BinaryIO, kind: Kind) -> bool:
    """Is the end mark there? In a JPEG's coded data FF is always stuffed, so FF D9 after its start is the end."""
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if kind is Kind.PNG:
            return data.rfind(b"IEND") > 0
        start = data.rfind(b"\xff\xda")
        return start > 0 and data.find(b"\xff\xd9", start) > 0
