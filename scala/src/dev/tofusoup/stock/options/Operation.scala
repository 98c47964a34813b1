package dev.tofusoup.stock.options

import com.google.protobuf.ByteString

/** A value on the command line: the word itself, or what standard input holds. */
enum Value:
  case Literal(bytes: ByteString)
  case StandardInput

/** An item of a batch. */
final case class Item(key: String, value: ByteString)

/** An argument of trade. */
enum OrderWord:
  case Buy(symbol: String, quantity: Int)
  case Sell(symbol: String, quantity: Int)
  case Query(symbol: String)

/** What stock_client can do. */
enum Operation:
  case Get(key: String)
  case Put(key: String, value: Value)
  case Delete(key: String)

  /** `count` 0: until stopped. */
  case Monitor(prefix: String, count: Long)

  /** Without items: those of standard input. */
  case Batch(items: Vector[Item])
  case Trade(orders: Vector[OrderWord])
  case Inventory
  case KvGet(key: String)
  case KvPut(key: String, value: Value)
  case Health(service: String)

object Operation:
  /** How an operation is asked for: how many arguments it takes, and what they are understood as. */
  final private case class Form(
      word: String,
      least: Int,
      most: Int,
      arguments: String,
      read: Vector[Word] => Either[UsageError, Operation]
  )

  private val Many = Int.MaxValue

  private val forms: Vector[Form] = Vector(
    Form("get", 1, 1, "KEY", words => text("get", words).map(Get(_))),
    Form("put", 2, 2, "KEY VALUE|-", words => text("put", words).map(Put(_, value(words)))),
    Form("delete", 1, 1, "KEY", words => text("delete", words).map(Delete(_))),
    Form("monitor", 0, 1, "[PREFIX] [--count N]", words => text("monitor", words).map(prefix => monitor(prefix))),
    Form("batch", 0, Many, "[KEY=VALUE ...]", words => all(words)(item).map(Batch(_))),
    Form("trade", 1, Many, "buy:SYMBOL:N|sell:SYMBOL:N|query:SYMBOL ...", words => all(words)(order).map(Trade(_))),
    Form("inventory", 0, 0, "", _ => Right(Inventory)),
    Form("kv-get", 1, 1, "KEY", words => text("kv-get", words).map(KvGet(_))),
    Form("kv-put", 2, 2, "KEY VALUE|-", words => text("kv-put", words).map(KvPut(_, value(words)))),
    Form("health", 0, 1, "[SERVICE]", words => text("health", words).map(Health(_)))
  )

  /** The lines that tell of the operations. */
  private[options] def usage: String =
    forms.map(form => s"  ${form.word} ${form.arguments}".stripTrailing + "\n").mkString

  /** Understands an operation and its arguments; a count goes with monitor alone. */
  private[options] def parse(words: Vector[Word], count: Option[Long]): Either[UsageError, Operation] =
    for
      word <- words.headOption.toRight(UsageError("an operation is needed"))
      form <- forms.find(_.word == word.raw).toRight(UsageError(s"unknown operation: ${word.printable}"))
      _ <- arity(form, words.tail)
      operation <- form.read(words.tail)
      counted <- counted(operation, form, count)
    yield counted

  /** Splits `KEY=VALUE` at its first `=`. */
  def item(word: Word): Either[UsageError, Item] =
    for
      parts <- word.cut('=').toRight(UsageError(s"batch: ${word.quoted} given, KEY=VALUE expected"))
      (name, value) = parts
      key <- name.text.toRight(UsageError(s"batch: ${name.quoted} given, a key of UTF-8 expected"))
    yield Item(key, ByteString.copyFrom(value.bytes))

  private def arity(form: Form, words: Vector[Word]): Either[UsageError, Unit] =
    if words.size < form.least then Left(UsageError(s"${form.word} needs ${form.arguments}"))
    else
      words.lift(form.most) match
        case Some(stray) => Left(UsageError(s"stray argument: ${stray.printable}"))
        case None => Right(())

  private def counted(operation: Operation, form: Form, count: Option[Long]): Either[UsageError, Operation] =
    (operation, count) match
      case (other, None) => Right(other)
      case (Monitor(prefix, _), Some(events)) => Right(Monitor(prefix, events))
      case _ => Left(UsageError(s"--count does not go with ${form.word}"))

  /** The first argument, which is a key, a prefix or a name; empty where there is none. */
  private def text(operation: String, words: Vector[Word]): Either[UsageError, String] = words.headOption match
    case None => Right("")
    case Some(word) => word.text.toRight(UsageError(s"$operation: ${word.quoted} given, UTF-8 expected"))

  private def value(words: Vector[Word]): Value = words.last.raw match
    case "-" => Value.StandardInput
    case _ => Value.Literal(ByteString.copyFrom(words.last.bytes))

  private def monitor(prefix: String): Operation = Monitor(prefix.stripSuffix("*"), 0)

  private val Traded = "(?s)(buy|sell):(.*):(-?[0-9]{1,10})".r
  private val Queried = "(?s)query:(.*)".r

  /** Splits `buy:SYMBOL:N` and `sell:SYMBOL:N` at the first colon and the last, `query:SYMBOL` at the first. */
  private def order(word: Word): Either[UsageError, OrderWord] =
    def symbol(raw: String | Null) = Option(raw).flatMap(Word.ofRaw(_).text)
    def quantity(digits: String | Null) = Option(digits).flatMap(_.toIntOption)
    val read = word.raw match
      case Traded("buy", name, digits) => symbol(name).zip(quantity(digits)).map(OrderWord.Buy(_, _))
      case Traded(_, name, digits) => symbol(name).zip(quantity(digits)).map(OrderWord.Sell(_, _))
      case Queried(name) => symbol(name).map(OrderWord.Query(_))
      case _ => None
    val expected = "buy:SYMBOL:N, sell:SYMBOL:N or query:SYMBOL"
    read.toRight(UsageError(s"trade: ${word.quoted} given, $expected expected"))

  /** What all words are read as, or the first error. */
  private[stock] def all[A](words: Vector[Word])(read: Word => Either[UsageError, A]): Either[UsageError, Vector[A]] =
    val none: Either[UsageError, Vector[A]] = Right(Vector.empty)
    words.foldLeft(none)((before, word) => before.flatMap(done => read(word).map(done :+ _)))
