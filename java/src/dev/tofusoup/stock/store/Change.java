package dev.tofusoup.stock.store;

import com.google.protobuf.ByteString;

/**
 * One committed change of a store.
 *
 * @param deleted whether the key was removed, not given a value
 * @param value the new value; empty where the key was removed
 * @param timestamp Unix nanoseconds, strictly increasing within a store
 */
public record Change(boolean deleted, String key, ByteString value, long timestamp) {}
