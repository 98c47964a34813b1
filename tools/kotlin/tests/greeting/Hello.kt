package greeting

/** Greets who it was given. */
fun main(args: Array<String>) = println(greet(args.joinToString(" ")))
