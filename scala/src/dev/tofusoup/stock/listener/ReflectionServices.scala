package dev.tofusoup.stock.listener

import com.google.protobuf.Descriptors.ServiceDescriptor
import io.grpc.MethodDescriptor
import io.grpc.ServerServiceDefinition
import io.grpc.protobuf.ProtoServiceDescriptorSupplier
import io.grpc.reflection.v1.ServerReflectionGrpc
import io.grpc.reflection.v1.ServerReflectionRequest
import io.grpc.reflection.v1.ServerReflectionResponse
import io.grpc.reflection.v1alpha
import io.grpc.stub.StreamObserver

/** The two versions of the reflection service, which differ in their package alone. */
private[listener] object ReflectionServices:
  /** Their methods. */
  val Methods: Vector[MethodDescriptor[?, ?]] = Vector(
    ServerReflectionGrpc.getServerReflectionInfoMethod,
    v1alpha.ServerReflectionGrpc.getServerReflectionInfoMethod
  )

  /** Both, for some services and themselves. */
  def of(served: Vector[ServiceDescriptor]): Vector[ServerServiceDefinition] =
    val own = Vector(ServerReflectionGrpc.getServiceDescriptor, v1alpha.ServerReflectionGrpc.getServiceDescriptor)
    val reflection = Reflection(served ++ own.flatMap(descriptor))
    Vector(Version1(reflection).bindService(), Version1Alpha(reflection).bindService())

  /** What grpc-java's generated services tell of themselves. */
  def descriptor(service: io.grpc.ServiceDescriptor): Option[ServiceDescriptor] = service.getSchemaDescriptor match
    case supplier: ProtoServiceDescriptorSupplier => Some(supplier.getServiceDescriptor)
    case _ => None

  /** Answers each request as soon as it is read. */
  final private class Answering[Q, R](responses: StreamObserver[R], answer: Q => R) extends StreamObserver[Q]:
    override def onNext(request: Q): Unit = responses.onNext(answer(request))

    override def onCompleted(): Unit = responses.onCompleted()

    /** Nobody listens. */
    override def onError(cancelled: Throwable): Unit = ()

  final private class Version1(reflection: Reflection) extends ServerReflectionGrpc.ServerReflectionImplBase:
    override def serverReflectionInfo(
        responses: StreamObserver[ServerReflectionResponse]
    ): StreamObserver[ServerReflectionRequest] = Answering(responses, reflection.answer)

  final private class Version1Alpha(reflection: Reflection)
      extends v1alpha.ServerReflectionGrpc.ServerReflectionImplBase:
    override def serverReflectionInfo(
        responses: StreamObserver[v1alpha.ServerReflectionResponse]
    ): StreamObserver[v1alpha.ServerReflectionRequest] = Answering(responses, answer)

    /** They are the same messages. */
    private def answer(request: v1alpha.ServerReflectionRequest): v1alpha.ServerReflectionResponse =
      val asked = ServerReflectionRequest.parseFrom(request.toByteString)
      v1alpha.ServerReflectionResponse.parseFrom(reflection.answer(asked).toByteString)
