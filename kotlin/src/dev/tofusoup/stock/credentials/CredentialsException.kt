package dev.tofusoup.stock.credentials

/** Files or PEM material that cannot be used; the message is one line for a person. */
class CredentialsException(
    reason: String,
    cause: Throwable? = null,
) : Exception(reason, cause)
