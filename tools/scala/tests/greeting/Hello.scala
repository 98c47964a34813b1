package greeting

/** Greets who it was given. */
object Hello:
  def main(words: Array[String]): Unit = println(greet(words.mkString(" ")))
