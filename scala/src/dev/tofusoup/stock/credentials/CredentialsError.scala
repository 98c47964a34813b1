package dev.tofusoup.stock.credentials

/** Why files or PEM material cannot be used, in one line for a person. */
final case class CredentialsError(reason: String)
