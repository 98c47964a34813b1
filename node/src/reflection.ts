// grpc.reflection, v1 and v1alpha: two packages with the same messages.

import { status as Code, type UntypedServiceImplementation } from "@grpc/grpc-js";
import type {
  ServerReflectionRequest,
  ServerReflectionResponse,
} from "../../tools/node/admin_grpc/grpc/reflection/v1/reflection.js";
import type { Descriptors } from "./descriptors.js";
import { StatusError } from "./fault.js";
import type { Handlers } from "./service/handlers.js";

type Answer = NonNullable<ServerReflectionResponse["messageResponse"]>;

/** The handlers of either version, for a server of some services; `descriptors` is asked at the first request. */
export function reflectionHandlers(
  handlers: Handlers,
  services: readonly string[],
  descriptors: () => Descriptors,
): UntypedServiceImplementation {
  return {
    serverReflectionInfo: handlers.answers(
      (request: ServerReflectionRequest): ServerReflectionResponse => ({
        validHost: request.host,
        originalRequest: request,
        messageResponse: answer(request, services, descriptors()),
      }),
      { endsAtDrain: true },
    ),
  };
}

function answer(
  { messageRequest: asked }: ServerReflectionRequest,
  services: readonly string[],
  descriptors: Descriptors,
): Answer {
  switch (asked?.$case) {
    case "listServices":
      return { $case: "listServicesResponse", value: { service: services.map((name) => ({ name })) } };
    case "fileByFilename":
      return files(descriptors.file(asked.value), asked.value);
    case "fileContainingSymbol":
      return files(descriptors.containing(asked.value), asked.value);
    case "fileContainingExtension":
      return notFound(`extension ${asked.value.extensionNumber} of ${asked.value.containingType}`);
    case "allExtensionNumbersOfType":
      return descriptors.containing(asked.value) === undefined
        ? notFound(asked.value)
        : { $case: "allExtensionNumbersResponse", value: { baseTypeName: asked.value, extensionNumber: [] } };
    default:
      throw new StatusError(Code.INVALID_ARGUMENT, "message_request: none given");
  }
}

function files(found: Buffer[] | undefined, name: string): Answer {
  return found === undefined
    ? notFound(name)
    : { $case: "fileDescriptorResponse", value: { fileDescriptorProto: found } };
}

function notFound(what: string): Answer {
  return { $case: "errorResponse", value: { errorCode: Code.NOT_FOUND, errorMessage: `not found: ${what}` } };
}
