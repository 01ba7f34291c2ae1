"""Screenshots as PNG files with a palette: a third of the size, and no library for pictures."""

import struct
import zlib
from base64 import b64decode, b64encode

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Browser

COLORS = 256

PIXELS = """async (png) => {
    const image = new Image();
    image.src = `data:image/png;base64,${png}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
    canvas.drawImage(image, 0, 0);
    const { data } = canvas.getImageData(0, 0, image.width, image.height);
    const chunks = [];
    for (let at = 0; at < data.length; at += 30_000)
        chunks.push(btoa(String.fromCharCode(...data.subarray(at, at + 30_000))));
    return { width: image.width, height: image.height, data: chunks.join("") };
}"""


def shrink(browser: Browser, png: bytes) -> bytes:
    """Return the picture in 256 of its own colors; every other becomes the nearest of them."""
    page = browser.new_page()
    decoded = page.evaluate(PIXELS, b64encode(png).decode())
    page.close()
    rgba = np.frombuffer(b64decode(decoded["data"]), dtype=np.uint8)
    pixels = rgba.reshape(decoded["height"], decoded["width"], 4)[..., :3]
    colors, at, counts = np.unique(
        pixels.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True
    )
    chosen, nearest = _choose(colors.astype(np.int64), counts)
    return _encode(nearest[at.ravel()].reshape(pixels.shape[:2]), colors[chosen])


def _choose(
    colors: NDArray[np.int64], counts: NDArray[np.int64]
) -> tuple[list[int], NDArray[np.uint8]]:
    """Choose colors that are frequent or unlike the ones before; a legend's rare one stays so.

    Returns the chosen colors and, for each color, the place of the nearest among them.
    """
    weights = np.sqrt(counts)
    apart = np.full(len(colors), np.inf)
    nearest = np.zeros(len(colors), np.uint8)
    chosen: list[int] = []
    candidate = int(counts.argmax())
    for place in range(min(COLORS, len(colors))):
        chosen.append(candidate)
        to_candidate = ((colors - colors[candidate]) ** 2).sum(axis=1)
        nearest[to_candidate < apart] = place
        apart = np.minimum(apart, to_candidate)
        candidate = int((weights * apart).argmax())
    return chosen, nearest


def _encode(indexes: NDArray[np.uint8], palette: NDArray[np.uint8]) -> bytes:
    """Write the PNG format: 8 bits a pixel into a palette, no line filtered."""
    height, width = indexes.shape
    lines = np.hstack([np.zeros((height, 1), np.uint8), indexes]).tobytes()
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = [
        (b"IHDR", header),
        (b"PLTE", palette.tobytes()),
        (b"IDAT", zlib.compress(lines, 9)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
