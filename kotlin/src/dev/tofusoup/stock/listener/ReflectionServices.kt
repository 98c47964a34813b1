package dev.tofusoup.stock.listener

import com.google.protobuf.Descriptors.ServiceDescriptor
import io.grpc.BindableService
import io.grpc.protobuf.ProtoServiceDescriptorSupplier
import io.grpc.reflection.v1.ServerReflectionGrpc
import io.grpc.reflection.v1.ServerReflectionRequest
import io.grpc.reflection.v1.ServerReflectionResponse
import io.grpc.stub.StreamObserver
import io.grpc.reflection.v1alpha.ServerReflectionGrpc as AlphaGrpc
import io.grpc.reflection.v1alpha.ServerReflectionRequest as AlphaRequest
import io.grpc.reflection.v1alpha.ServerReflectionResponse as AlphaResponse

/** The two versions of the reflection service, for some services and themselves. They differ in their package alone. */
@Suppress("DEPRECATION") // the first one is what older clients ask for
internal fun reflectionServices(served: List<BindableService>): List<BindableService> {
    val described = served.map { it.bindService().serviceDescriptor }
    val own = listOf(ServerReflectionGrpc.getServiceDescriptor(), AlphaGrpc.getServiceDescriptor())
    val reflection = Reflection((described + own).map(::descriptor))
    return listOf(Version1(reflection), Version1Alpha(reflection))
}

private fun descriptor(service: io.grpc.ServiceDescriptor): ServiceDescriptor =
    (service.schemaDescriptor as ProtoServiceDescriptorSupplier).serviceDescriptor

private class Version1(
    private val reflection: Reflection,
) : ServerReflectionGrpc.ServerReflectionImplBase() {
    override fun serverReflectionInfo(
        responseObserver: StreamObserver<ServerReflectionResponse>,
    ): StreamObserver<ServerReflectionRequest> = Answering(responseObserver, reflection::answer)
}

@Suppress("DEPRECATION") // what older clients ask for
private class Version1Alpha(
    private val reflection: Reflection,
) : AlphaGrpc.ServerReflectionImplBase() {
    override fun serverReflectionInfo(responseObserver: StreamObserver<AlphaResponse>): StreamObserver<AlphaRequest> =
        Answering(responseObserver) { request ->
            val asked = ServerReflectionRequest.parseFrom(request.toByteString())
            AlphaResponse.parseFrom(reflection.answer(asked).toByteString())
        }
}

/** Answers each request as soon as it is read. */
private class Answering<Q, R>(
    private val responses: StreamObserver<R>,
    private val answer: (Q) -> R,
) : StreamObserver<Q> {
    override fun onNext(request: Q) = responses.onNext(answer(request))

    override fun onError(cancelled: Throwable) = Unit // nobody listens

    override fun onCompleted() = responses.onCompleted()
}
