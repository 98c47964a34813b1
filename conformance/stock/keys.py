"""Keys on both edges of the key rule: 1 to 1,024 bytes of UTF-8 without U+0000 (service.md: Keys)."""

from typing import Final

INVALID_KEY: Final = "invalid key: 1 to 1024 bytes of UTF-8 without NUL"

# The limit counts bytes: the second has half as many characters, the third a quarter.
LONGEST_KEYS: Final = ("k" * 1024, "é" * 512, "🦊" * 256)

INVALID_KEYS: Final = (
    "",
    "k" * 1025,
    # 1,026 bytes in 342 characters.
    "€" * 342,
    "\0",
    "null\0within",
)

# Keys that some language, path, pattern or escape gives a meaning; here none has any.
OPAQUE_KEYS: Final = (
    "../x",
    "/etc/passwd",
    "a//b",
    "a/b",
    "a/./b",
    ".",
    "*",
    "a*",
    "%00",
    "%2e%2e",
    "__proto__",
    "constructor",
    "toString",
    " ",
    " a",
    "a ",
    "a\tb\nc\r",
    "$(id)",
    "'; --",
    "{}",
    "null",
    "0",
    "-0",
)

UNICODE_KEYS: Final = (
    "žluťoučký kůň",
    "ключ",
    "鍵",
    "مفتاح",
    "🦊🗝️",
    # The same to a reader: composed, and decomposed.
    "caf\u00e9",
    "cafe\u0301",
    # Zero width, a byte order mark, the last code point.
    "a\u200bb",
    "\ufeffkey",
    "\U0010ffff",
)


def key_not_found(key: str) -> str:
    """The message of NOT_FOUND for a key."""
    return f"key not found: {key}"
