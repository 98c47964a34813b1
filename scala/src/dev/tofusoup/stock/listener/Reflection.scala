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
import scala.annotation.tailrec
import scala.jdk.CollectionConverters.IterableHasAsJava
import scala.jdk.CollectionConverters.ListHasAsScala

/** What reflection answers, in terms of its version 1. It is our own because grpc-java's does not find enums within
  * messages, nor values and fields, as symbols; and knows no services of ScalaPB.
  */
final private[listener] class Reflection(services: Vector[ServiceDescriptor]):
  import Reflection.*

  private val files = closure(services.map(_.getFile).toList, Vector.empty)
  private val byName = files.map(file => file.getName -> file).toMap
  private val bySymbol = files.flatMap(file => symbols(file).map(_ -> file)).toMap

  def answer(request: ServerReflectionRequest): ServerReflectionResponse =
    val response = ServerReflectionResponse.newBuilder().setValidHost(request.getHost).setOriginalRequest(request)
    val answered = request.getMessageRequestCase match
      case MessageRequestCase.LIST_SERVICES => response.setListServicesResponse(list)
      case MessageRequestCase.FILE_BY_FILENAME =>
        found(response, request.getFileByFilename, byName.get(request.getFileByFilename))
      case MessageRequestCase.FILE_CONTAINING_SYMBOL =>
        found(response, request.getFileContainingSymbol, bySymbol.get(request.getFileContainingSymbol))
      case MessageRequestCase.FILE_CONTAINING_EXTENSION =>
        found(response, request.getFileContainingExtension.getContainingType, None)
      case MessageRequestCase.ALL_EXTENSION_NUMBERS_OF_TYPE =>
        extensions(response, request.getAllExtensionNumbersOfType)
      case _ => response.setErrorResponse(error(Status.Code.INVALID_ARGUMENT, "nothing is asked for"))
    answered.build()

  private def list: ListServiceResponse =
    val named = services.map(service => ServiceResponse.newBuilder().setName(service.getFullName).build())
    ListServiceResponse.newBuilder().addAllService(named.asJava).build()

  /** There are no extensions: only of types that are known is that an answer. */
  private def extensions(response: ServerReflectionResponse.Builder, name: String): ServerReflectionResponse.Builder =
    if bySymbol.contains(name) then
      response.setAllExtensionNumbersResponse(ExtensionNumberResponse.newBuilder().setBaseTypeName(name))
    else found(response, name, None)

private object Reflection:
  /** Files and all that they import, each once and before what it imports. */
  @tailrec
  private def closure(left: List[FileDescriptor], done: Vector[FileDescriptor]): Vector[FileDescriptor] = left match
    case Nil => done
    case file :: rest if done.contains(file) => closure(rest, done)
    case file :: rest => closure(rest ++ file.getDependencies.asScala, done :+ file)

  private def symbols(file: FileDescriptor): Vector[String] =
    file.getMessageTypes.asScala.toVector.flatMap(symbols) ++
      file.getEnumTypes.asScala.flatMap(symbols) ++
      file.getServices.asScala.flatMap(each => each.getFullName +: each.getMethods.asScala.map(_.getFullName))

  private def symbols(message: Descriptor): Vector[String] =
    Vector(message.getFullName) ++
      message.getFields.asScala.map(_.getFullName) ++
      message.getNestedTypes.asScala.flatMap(symbols) ++
      message.getEnumTypes.asScala.flatMap(symbols)

  private def symbols(values: EnumDescriptor): Vector[String] =
    values.getFullName +: values.getValues.asScala.toVector.map(_.getFullName)

  /** Answers with a file and all that it imports, itself first; or that it is not known. */
  private def found(
      response: ServerReflectionResponse.Builder,
      what: String,
      file: Option[FileDescriptor]
  ): ServerReflectionResponse.Builder = file match
    case None => response.setErrorResponse(error(Status.Code.NOT_FOUND, s"not found: $what"))
    case Some(known) =>
      val encoded = closure(List(known), Vector.empty).map(CompiledFile.of)
      response.setFileDescriptorResponse(FileDescriptorResponse.newBuilder().addAllFileDescriptorProto(encoded.asJava))

  private def error(code: Status.Code, message: String): ErrorResponse =
    ErrorResponse.newBuilder().setErrorCode(code.value).setErrorMessage(message).build()
