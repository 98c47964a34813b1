package dev.tofusoup.stock.store

import com.google.protobuf.ByteString

/**
 * One committed change of a store.
 *
 * @property deleted whether the key was removed, not given a value
 * @property value the new value; empty where the key was removed
 * @property timestamp Unix nanoseconds, strictly increasing within a store
 */
data class Change(
    val deleted: Boolean,
    val key: String,
    val value: ByteString,
    val timestamp: Long,
)
