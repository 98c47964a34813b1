package dev.tofusoup.stock.listener

import com.google.protobuf.Descriptors.Descriptor
import com.google.protobuf.Descriptors.EnumDescriptor
import com.google.protobuf.Descriptors.FileDescriptor
import com.google.protobuf.Descriptors.ServiceDescriptor
import io.grpc.Status
import io.grpc.reflection.v1.ErrorResponse
import io.grpc.reflection.v1.ExtensionNumberResponse
import io.grpc.reflection.v1.FileDescriptorResponse
import io.grpc.reflection.v1.ListServiceResponse
import io.grpc.reflection.v1.ServerReflectionRequest
import io.grpc.reflection.v1.ServerReflectionRequest.MessageRequestCase
import io.grpc.reflection.v1.ServerReflectionResponse
import io.grpc.reflection.v1.ServiceResponse

/**
 * What reflection answers, in terms of its version 1. It is our own because grpc-java's does not
 * find enums within messages, nor values and fields, as symbols.
 *
 * @param served services; all files below those that define them are known
 */
internal class Reflection(
    served: List<ServiceDescriptor>,
) {
    private val services = served.map { it.fullName }
    private val files = HashMap<String, FileDescriptor>()
    private val symbols = HashMap<String, FileDescriptor>()

    init {
        served.forEach { add(it.file) }
    }

    fun answer(request: ServerReflectionRequest): ServerReflectionResponse {
        val response =
            ServerReflectionResponse
                .newBuilder()
                .setValidHost(request.host)
                .setOriginalRequest(request)
        when (request.messageRequestCase) {
            MessageRequestCase.LIST_SERVICES -> {
                response.setListServicesResponse(list())
            }

            MessageRequestCase.FILE_BY_FILENAME -> {
                response.file(request.fileByFilename, files[request.fileByFilename])
            }

            MessageRequestCase.FILE_CONTAINING_SYMBOL -> {
                response.file(request.fileContainingSymbol, symbols[request.fileContainingSymbol])
            }

            MessageRequestCase.FILE_CONTAINING_EXTENSION -> {
                response.file(request.fileContainingExtension.containingType, null)
            }

            MessageRequestCase.ALL_EXTENSION_NUMBERS_OF_TYPE -> {
                response.extensions(request.allExtensionNumbersOfType)
            }

            else -> {
                response.setErrorResponse(error(Status.Code.INVALID_ARGUMENT, "nothing is asked for"))
            }
        }
        return response.build()
    }

    private fun list(): ListServiceResponse {
        val list = ListServiceResponse.newBuilder()
        services.forEach { list.addService(ServiceResponse.newBuilder().setName(it)) }
        return list.build()
    }

    /** There are no extensions: only of types that are known is that an answer. */
    private fun ServerReflectionResponse.Builder.extensions(type: String) {
        if (type in symbols) {
            setAllExtensionNumbersResponse(ExtensionNumberResponse.newBuilder().setBaseTypeName(type))
        } else {
            file(type, null)
        }
    }

    private fun add(file: FileDescriptor) {
        if (files.putIfAbsent(file.name, file) != null) {
            return
        }
        file.dependencies.forEach(::add)
        file.messageTypes.forEach(::add)
        file.enumTypes.forEach(::add)
        for (service in file.services) {
            symbols[service.fullName] = file
            service.methods.forEach { symbols[it.fullName] = file }
        }
    }

    private fun add(message: Descriptor) {
        symbols[message.fullName] = message.file
        message.fields.forEach { symbols[it.fullName] = message.file }
        message.nestedTypes.forEach(::add)
        message.enumTypes.forEach(::add)
    }

    private fun add(type: EnumDescriptor) {
        symbols[type.fullName] = type.file
        type.values.forEach { symbols[it.fullName] = type.file }
    }
}

/** Answers with a file and all that it imports, itself first; null for one that is not known. */
private fun ServerReflectionResponse.Builder.file(
    what: String,
    file: FileDescriptor?,
) {
    if (file == null) {
        setErrorResponse(error(Status.Code.NOT_FOUND, "not found: $what"))
        return
    }
    val seen = LinkedHashSet<FileDescriptor>()
    val left = ArrayDeque(listOf(file))
    while (left.isNotEmpty()) {
        val next = left.removeFirst()
        if (seen.add(next)) {
            left += next.dependencies
        }
    }
    val found = FileDescriptorResponse.newBuilder()
    seen.forEach { found.addFileDescriptorProto(it.toProto().toByteString()) }
    setFileDescriptorResponse(found)
}

private fun error(
    code: Status.Code,
    message: String,
): ErrorResponse =
    ErrorResponse
        .newBuilder()
        .setErrorCode(code.value())
        .setErrorMessage(message)
        .build()
