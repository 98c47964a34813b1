package dev.tofusoup.stock.session

import io.grpc.Channel
import io.grpc.MethodDescriptor
import io.grpc.MethodDescriptor.MethodType
import io.grpc.stub.StreamObserver
import scala.concurrent.Future
import tofusoup.stock.session.Request
import tofusoup.stock.session.Response

/** How a generated stub takes a call. */
private[session] enum Caller[Q, R]:
  case One(call: (Channel, Q) => Future[R])
  case Responses(call: (Channel, Q, StreamObserver[R]) => Unit)
  case Requests(call: (Channel, StreamObserver[R]) => StreamObserver[Q])

/** One RPC by its generated stub.
  *
  * @param unwrap
  *   takes a request out, where it is of the RPC's type
  */
final private[session] class Method[Q, R](
    descriptor: MethodDescriptor[Q, R],
    unwrap: PartialFunction[Request.Request, Q],
    val wrap: R => Response.Response,
    val caller: Caller[Q, R]
):
  def isUnary: Boolean = descriptor.getType == MethodType.UNARY

  /** Whether there is a stream of requests. */
  def sends: Boolean = !descriptor.getType.clientSendsOneMessage

  /** Whether there is a stream of responses. */
  def receives: Boolean = !descriptor.getType.serverSendsOneMessage

  def unwrapAll(requests: Seq[Request]): Either[Refusal, Seq[Q]] =
    val own = requests.map(_.request).collect(unwrap)
    Either.cond(own.size == requests.size, own, Refusal("requests: one is not of the rpc's type"))
