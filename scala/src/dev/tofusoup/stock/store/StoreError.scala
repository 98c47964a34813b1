package dev.tofusoup.stock.store

/** What a store refuses; the message is the caller's to read. */
enum StoreError(val message: String):
  case InvalidKey extends StoreError("invalid key: 1 to 1024 bytes of UTF-8 without NUL")
  case KeyNotFound(key: Key) extends StoreError(s"key not found: ${key.text}")
