package dev.tofusoup.stock.listener;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.reflection.v1.ErrorResponse;
import io.grpc.reflection.v1.ExtensionNumberResponse;
import io.grpc.reflection.v1.FileDescriptorResponse;
import io.grpc.reflection.v1.ListServiceResponse;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What reflection answers, in terms of its version 1. It is our own because grpc-java's does not
 * find enums within messages, nor values and fields, as symbols.
 */
final class Reflection {
  private final Set<String> services = new LinkedHashSet<>();
  private final Map<String, FileDescriptor> files = new TreeMap<>();
  private final Map<String, FileDescriptor> symbols = new TreeMap<>();

  /** Knows some services, and all files below those that define them. */
  Reflection(Collection<ServiceDescriptor> served) {
    for (ServiceDescriptor service : served) {
      services.add(service.getFullName());
      add(service.getFile());
    }
  }

  ServerReflectionResponse answer(ServerReflectionRequest request) {
    var response =
        ServerReflectionResponse.newBuilder()
            .setValidHost(request.getHost())
            .setOriginalRequest(request);
    switch (request.getMessageRequestCase()) {
      case LIST_SERVICES -> response.setListServicesResponse(list());
      case FILE_BY_FILENAME ->
          answer(response, request.getFileByFilename(), files.get(request.getFileByFilename()));
      case FILE_CONTAINING_SYMBOL ->
          answer(
              response,
              request.getFileContainingSymbol(),
              symbols.get(request.getFileContainingSymbol()));
      case FILE_CONTAINING_EXTENSION ->
          answer(response, request.getFileContainingExtension().getContainingType(), null);
      case ALL_EXTENSION_NUMBERS_OF_TYPE -> extensions(response, request);
      default ->
          response.setErrorResponse(error(Status.Code.INVALID_ARGUMENT, "nothing is asked for"));
    }
    return response.build();
  }

  private ListServiceResponse list() {
    ListServiceResponse.Builder list = ListServiceResponse.newBuilder();
    services.forEach(name -> list.addService(ServiceResponse.newBuilder().setName(name)));
    return list.build();
  }

  /** There are no extensions: only of types that are known is that an answer. */
  private void extensions(
      ServerReflectionResponse.Builder response, ServerReflectionRequest request) {
    String type = request.getAllExtensionNumbersOfType();
    if (symbols.containsKey(type)) {
      response.setAllExtensionNumbersResponse(
          ExtensionNumberResponse.newBuilder().setBaseTypeName(type));
    } else {
      answer(response, type, null);
    }
  }

  /** Answers with a file and all that it imports, itself first; null for one that is not known. */
  private static void answer(
      ServerReflectionResponse.Builder response, String what, FileDescriptor file) {
    if (file == null) {
      response.setErrorResponse(error(Status.Code.NOT_FOUND, "not found: " + what));
      return;
    }
    FileDescriptorResponse.Builder found = FileDescriptorResponse.newBuilder();
    Set<FileDescriptor> seen = new LinkedHashSet<>();
    Deque<FileDescriptor> left = new ArrayDeque<>(Set.of(file));
    while (!left.isEmpty()) {
      FileDescriptor next = left.remove();
      if (seen.add(next)) {
        found.addFileDescriptorProto(next.toProto().toByteString());
        left.addAll(next.getDependencies());
      }
    }
    response.setFileDescriptorResponse(found);
  }

  private static ErrorResponse error(Status.Code code, String message) {
    return ErrorResponse.newBuilder().setErrorCode(code.value()).setErrorMessage(message).build();
  }

  private void add(FileDescriptor file) {
    if (files.putIfAbsent(file.getName(), file) != null) {
      return;
    }
    file.getDependencies().forEach(this::add);
    file.getMessageTypes().forEach(this::add);
    file.getEnumTypes().forEach(this::add);
    for (ServiceDescriptor service : file.getServices()) {
      symbols.put(service.getFullName(), file);
      service.getMethods().forEach(method -> symbols.put(method.getFullName(), file));
    }
  }

  private void add(Descriptor message) {
    symbols.put(message.getFullName(), message.getFile());
    for (FieldDescriptor field : message.getFields()) {
      symbols.put(field.getFullName(), message.getFile());
    }
    message.getNestedTypes().forEach(this::add);
    message.getEnumTypes().forEach(this::add);
  }

  private void add(EnumDescriptor type) {
    symbols.put(type.getFullName(), type.getFile());
    type.getValues().forEach(value -> symbols.put(value.getFullName(), type.getFile()));
  }
}
