package dev.tofusoup.stock.listener

import com.google.protobuf.ByteString
import com.google.protobuf.Descriptors.FileDescriptor
import com.google.protobuf.Message
import com.google.protobuf.UnknownFieldSet
import java.util
import scala.jdk.CollectionConverters.ListHasAsScala
import scala.jdk.CollectionConverters.MapHasAsScala
import scala.jdk.CollectionConverters.SeqHasAsJava

/** Files as protoc read them: ScalaPB writes the names that it gives to fields and values into their options. */
private[listener] object CompiledFile:
  /** ScalaPB's number among those that are registered for options
    * (https://github.com/protocolbuffers/protobuf/blob/main/docs/options.md).
    */
  private val ScalaPbOptions = 1020

  /** The encoded FileDescriptorProto. */
  def of(file: FileDescriptor): ByteString = bare(file.toProto).toByteString

  private def bare(message: Message): Message =
    message.getAllFields.asScala
      .foldLeft(message.toBuilder):
        case (builder, (field, several: util.List[?])) =>
          builder.setField(field, several.asScala.map(bareIfMessage).asJava)
        case (builder, (field, options: Message)) if field.getName == "options" =>
          val left = withoutNames(options)
          if left.getSerializedSize == 0 then builder.clearField(field) else builder.setField(field, left)
        case (builder, _) => builder
      .build()

  private def bareIfMessage(value: Any): Any = value match
    case message: Message => bare(message)
    case other => other

  private def withoutNames(options: Message): Message =
    val left = UnknownFieldSet.newBuilder(options.getUnknownFields).clearField(ScalaPbOptions).build()
    options.toBuilder.setUnknownFields(left).build()
