"""Hashes and MinHash signatures, by which equal and nearly equal texts are found.

MinHash after Broder (1997), "On the resemblance and containment of documents", over
shingles of three words; the library is rensa.
"""

from __future__ import annotations

import hashlib
import re

import numpy as np
import numpy.typing as npt

__all__ = ["BANDS", "PERMUTATIONS", "THRESHOLD", "bands", "digest_of", "signature", "similarity"]

#: With 16 bands of 4, texts of similarity 0.8 meet in one with probability 0.9998.
PERMUTATIONS, BANDS = 64, 16
#: Estimated Jaccard similarity from which two texts count as near duplicates.
THRESHOLD = 0.8
_SHINGLE = 3
#: Texts of fewer words than this resemble each other by chance.
_WORDS = 20
_WORD = re.compile(r"\w+")

Signatures = npt.NDArray[np.uint32]


def digest_of(text: str) -> bytes:
    """The SHA-256 of a text; its first eight bytes are enough to look for equal ones by."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def signature(text: str) -> bytes | None:
    """``PERMUTATIONS`` little-endian 32-bit numbers, or None for a text too short to say."""
    from rensa import RMinHash

    words = _WORD.findall(text.lower())
    if len(words) < _WORDS:
        return None
    sketch = RMinHash(num_perm=PERMUTATIONS, seed=1)
    sketch.update([" ".join(words[i : i + _SHINGLE]) for i in range(len(words) - _SHINGLE + 1)])
    return np.asarray(sketch.digest(), dtype="<u4").tobytes()


def bands(signatures: Signatures) -> npt.NDArray[np.uint64]:
    """A key for each band of each signature, of shape ``(BANDS, n)``."""
    rows = PERMUTATIONS // BANDS
    parts = signatures.reshape(-1, BANDS, rows).astype(np.uint64)
    keys = np.zeros(parts.shape[:2], dtype=np.uint64)
    for i in range(rows):
        keys = (keys ^ parts[:, :, i]) * np.uint64(0x9E3779B97F4A7C15)
        keys ^= keys >> np.uint64(29)
    return np.ascontiguousarray(keys.T)


def similarity(first: Signatures, second: Signatures) -> npt.NDArray[np.float64]:
    """Estimated Jaccard similarity of signatures of shape ``(n, PERMUTATIONS)``, row by row."""
    return np.asarray((first == second).mean(axis=1))
