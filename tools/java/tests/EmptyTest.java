package outcomes;

/** A class without tests. */
final class EmptyTest {}
