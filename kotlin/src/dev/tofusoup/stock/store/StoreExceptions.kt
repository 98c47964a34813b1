package dev.tofusoup.stock.store

/** What a store refuses; the message is the caller's to read. */
sealed class StoreException(
    message: String,
) : Exception(message)

/** A key, prefix or symbol that breaks the key rule. */
class InvalidKeyException : StoreException("invalid key: 1 to 1024 bytes of UTF-8 without NUL")

/** A key without a value. */
class KeyNotFoundException(
    key: String,
) : StoreException("key not found: $key")

/** A subscriber whose queue was full when a change came. */
class SlowSubscriberException : StoreException("subscriber too slow")
