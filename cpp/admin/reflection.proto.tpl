// gRPC's server reflection, as the gRPC project publishes it: its two versions differ in the package only.
syntax = "proto3";

package grpc.reflection.{VERSION};

service ServerReflection {
  // Answers each request by one response, in order.
  rpc ServerReflectionInfo(stream ServerReflectionRequest) returns (stream ServerReflectionResponse);
}

message ServerReflectionRequest {
  string host = 1;
  oneof message_request {
    // A file by its name.
    string file_by_filename = 3;
    // The file that declares a symbol, named in full.
    string file_containing_symbol = 4;
    // The file that declares an extension.
    ExtensionRequest file_containing_extension = 5;
    // The numbers of all extensions of a type, named in full.
    string all_extension_numbers_of_type = 6;
    // The names of all services; the value means nothing.
    string list_services = 7;
  }
}

message ExtensionRequest {
  string containing_type = 1;
  int32 extension_number = 2;
}

message ServerReflectionResponse {
  string valid_host = 1;
  ServerReflectionRequest original_request = 2;
  oneof message_response {
    FileDescriptorResponse file_descriptor_response = 4;
    ExtensionNumberResponse all_extension_numbers_response = 5;
    ListServiceResponse list_services_response = 6;
    ErrorResponse error_response = 7;
  }
}

message FileDescriptorResponse {
  // Serialized FileDescriptorProtos: the file and what it imports.
  repeated bytes file_descriptor_proto = 1;
}

message ExtensionNumberResponse {
  string base_type_name = 1;
  repeated int32 extension_number = 2;
}

message ListServiceResponse {
  repeated ServiceResponse service = 1;
}

message ServiceResponse {
  string name = 1;
}

message ErrorResponse {
  int32 error_code = 1;
  string error_message = 2;
}
