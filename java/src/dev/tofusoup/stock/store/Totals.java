package dev.tofusoup.stock.store;

/**
 * What a store holds at one instant.
 *
 * @param items the number of keys
 * @param bytes the sum of the sizes of their values
 */
public record Totals(long items, long bytes) {}
