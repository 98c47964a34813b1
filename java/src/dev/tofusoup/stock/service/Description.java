package dev.tofusoup.stock.service;

import java.util.Map;

/**
 * What Inventory says of the server beside the totals.
 *
 * @param startedNanos when it began to listen, by {@link System#nanoTime}
 */
public record Description(String version, long startedNanos, Map<String, String> metadata) {}
