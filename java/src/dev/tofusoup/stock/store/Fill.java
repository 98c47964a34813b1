package dev.tofusoup.stock.store;

/**
 * Answers an order. A refused one has the quantity 0 and the reason as its message.
 *
 * @param timestamp Unix nanoseconds: a tick of the store's one clock
 */
public record Fill(boolean success, int quantity, String message, long timestamp) {}
