package dev.tofusoup.stock.listener;

import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.BindableService;
import io.grpc.Status;
import io.grpc.protobuf.ProtoServiceDescriptorSupplier;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The two versions of the reflection service, which differ in their package alone. */
final class ReflectionServices {
  private ReflectionServices() {}

  /** Both, for some services and themselves. */
  @SuppressWarnings("deprecation") // what older clients ask for
  static List<BindableService> of(List<BindableService> served) {
    List<ServiceDescriptor> described = new ArrayList<>();
    served.forEach(
        service -> described.add(descriptor(service.bindService().getServiceDescriptor())));
    described.add(descriptor(ServerReflectionGrpc.getServiceDescriptor()));
    described.add(
        descriptor(io.grpc.reflection.v1alpha.ServerReflectionGrpc.getServiceDescriptor()));
    Reflection reflection = new Reflection(described);
    return List.of(new Version1(reflection), new Version1Alpha(reflection));
  }

  private static ServiceDescriptor descriptor(io.grpc.ServiceDescriptor service) {
    return ((ProtoServiceDescriptorSupplier) service.getSchemaDescriptor()).getServiceDescriptor();
  }

  /** Answers each request as soon as it is read. */
  private static <Q, R> StreamObserver<Q> answering(
      StreamObserver<R> responses, Function<Q, R> answer) {
    return new StreamObserver<>() {
      @Override
      public void onNext(Q request) {
        responses.onNext(answer.apply(request));
      }

      @Override
      public void onError(Throwable cancelled) {
        // Nobody listens.
      }

      @Override
      public void onCompleted() {
        responses.onCompleted();
      }
    };
  }

  private static final class Version1 extends ServerReflectionGrpc.ServerReflectionImplBase {
    private final Reflection reflection;

    Version1(Reflection reflection) {
      this.reflection = reflection;
    }

    @Override
    public StreamObserver<ServerReflectionRequest> serverReflectionInfo(
        StreamObserver<ServerReflectionResponse> responses) {
      return answering(responses, reflection::answer);
    }
  }

  @SuppressWarnings("deprecation") // what older clients ask for
  private static final class Version1Alpha
      extends io.grpc.reflection.v1alpha.ServerReflectionGrpc.ServerReflectionImplBase {
    private final Reflection reflection;

    Version1Alpha(Reflection reflection) {
      this.reflection = reflection;
    }

    @Override
    public StreamObserver<io.grpc.reflection.v1alpha.ServerReflectionRequest> serverReflectionInfo(
        StreamObserver<io.grpc.reflection.v1alpha.ServerReflectionResponse> responses) {
      return answering(responses, this::answer);
    }

    private io.grpc.reflection.v1alpha.ServerReflectionResponse answer(
        io.grpc.reflection.v1alpha.ServerReflectionRequest request) {
      try {
        var asked = ServerReflectionRequest.parseFrom(request.toByteString());
        return io.grpc.reflection.v1alpha.ServerReflectionResponse.parseFrom(
            reflection.answer(asked).toByteString());
      } catch (InvalidProtocolBufferException e) {
        throw Status.INTERNAL.withCause(e).asRuntimeException(); // they are the same messages
      }
    }
  }
}
