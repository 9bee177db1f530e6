"""What a PDF hides: its packed streams, and the letters that its pages show."""

from __future__ import annotations

import re
import zlib


def unpacked(data: bytes) -> bytes:
    """The file with everything packed in it behind it."""
    out = [data]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL):
        try:
            out.append(zlib.decompress(stream))
        except zlib.error:
            out.append(stream)
    return b"\n".join(out)


def shown(data: bytes) -> bytes:
    """Letters as the text operators of an unpacked file have them: of one byte or two, without the numbers between."""
    texts = re.findall(rb"\[(.*?)\]\s*TJ|(\((?:\\.|[^\\)])*\))\s*Tj", data, re.DOTALL)
    words = (b"".join(re.findall(rb"\(((?:\\.|[^\\)])*)\)", many or one, re.DOTALL)) for many, one in texts)
    return b" ".join(word.replace(b"\0", b"") for word in words)
