package dev.tofusoup.stock.session

import dev.tofusoup.stock.About
import java.io.BufferedInputStream
import java.io.InputStream
import scala.annotation.tailrec
import tofusoup.stock.session.Command
import tofusoup.stock.session.Event
import tofusoup.stock.session.Failure
import tofusoup.stock.session.Hello
import tofusoup.stock.session.Role

/** What the sessions of both roles have in common. */
private[session] object Session:
  val MaxPort = 65535

  private val Protocol = 1
  private val ReadBytes = 64 << 10

  /** BoringSSL shows a certificate of P-521 and signs with its key, but verifies no peer's. */
  private val KeyTypes = Vector("rsa2048", "rsa4096", "p256", "p384").map("key_type:" + _)

  /** The first event of a session. */
  def hello(role: Role, abilities: String*): Event.Event =
    Event.Event.Hello(
      Hello(
        protocol = Protocol,
        language = About.Language,
        role = role,
        library = About.Library,
        runtime = About.Runtime,
        transport = About.Transport,
        tlsStack = About.TlsStack,
        supports = abilities ++ KeyTypes,
        version = About.Version
      )
    )

  /** Obeys commands to the end of the input; one that cannot be obeyed is answered by a Failure. */
  def obeyAll(input: InputStream, output: Output)(
      obey: Command.Command => Either[Refusal, Unit]
  ): Either[FrameError, Unit] =
    val buffered = BufferedInputStream(input, ReadBytes)

    @tailrec
    def next(): Either[FrameError, Unit] = Frames.read(buffered) match
      case Left(error) => Left(error)
      case Right(None) => Right(())
      case Right(Some(command)) =>
        obey(command.command).left.foreach: refusal =>
          output.send(Event.Event.Failure(Failure(command.id, refusal.reason)))
        next()

    next()
