package dev.tofusoup.stock.session

/** Standard input is not a stream of frames; the message is one line. It ends the session. */
class FrameException(
    reason: String,
) : Exception(reason)

/** A command that cannot be obeyed: which field, what was given, what was expected. */
internal class RefusalException(
    reason: String,
    cause: Throwable? = null,
) : Exception(reason, cause)
