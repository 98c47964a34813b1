// Server reflection; its document: gRPC's doc/server-reflection.md. Its two versions differ in the package alone. The
// gem has none.
syntax = "proto3";

package grpc.reflection.{VERSION};

// Describes the services of its server.
service ServerReflection {
  // Answers each request with one response.
  rpc ServerReflectionInfo(stream ServerReflectionRequest) returns (stream ServerReflectionResponse);
}

// One question.
message ServerReflectionRequest {
  // The host asked about.
  string host = 1;
  // The question.
  oneof message_request {
    // The file of a name.
    string file_by_filename = 3;
    // The file in which a message, enum, service or method is declared.
    string file_containing_symbol = 4;
    // The file in which an extension is declared.
    ExtensionRequest file_containing_extension = 5;
    // The numbers of a message's extensions.
    string all_extension_numbers_of_type = 6;
    // The services; the value means nothing.
    string list_services = 7;
  }
}

// Names an extension.
message ExtensionRequest {
  // Full name of the message that is extended.
  string containing_type = 1;
  // The extension's number.
  int32 extension_number = 2;
}

// One answer.
message ServerReflectionResponse {
  // As in the question.
  string valid_host = 1;
  // The question.
  ServerReflectionRequest original_request = 2;
  // The answer.
  oneof message_response {
    // Files.
    FileDescriptorResponse file_descriptor_response = 4;
    // Numbers of extensions.
    ExtensionNumberResponse all_extension_numbers_response = 5;
    // Services.
    ListServiceResponse list_services_response = 6;
    // Why there is no other answer.
    ErrorResponse error_response = 7;
  }
}

// Files.
message FileDescriptorResponse {
  // Serialized google.protobuf.FileDescriptorProto: the file asked for, then those it imports.
  repeated bytes file_descriptor_proto = 1;
}

// Numbers of extensions.
message ExtensionNumberResponse {
  // Full name of the message that is extended.
  string base_type_name = 1;
  // The numbers.
  repeated int32 extension_number = 2;
}

// Services.
message ListServiceResponse {
  // The services.
  repeated ServiceResponse service = 1;
}

// One service.
message ServiceResponse {
  // Its full name.
  string name = 1;
}

// Why a question has no answer.
message ErrorResponse {
  // A status code of gRPC's.
  int32 error_code = 1;
  // A line for a person.
  string error_message = 2;
}
