#include "cpp/reflection.h"

#include <google/protobuf/descriptor.pb.h>

#include <set>

namespace stock {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptor;

const DescriptorPool& Pool() { return *DescriptorPool::generated_pool(); }

// A file and what it imports, each once, in `files`.
void Collect(const FileDescriptor* file, std::set<const FileDescriptor*>& seen,
             std::vector<const FileDescriptor*>& files) {
  if (!seen.insert(file).second) return;
  files.push_back(file);
  for (int i = 0; i < file->dependency_count(); ++i) Collect(file->dependency(i), seen, files);
}

template <typename Response>
void SetNotFound(const std::string& wanted, Response& response) {
  response.mutable_error_response()->set_error_code(grpc::StatusCode::NOT_FOUND);
  response.mutable_error_response()->set_error_message(fmt::format("not found: {}", wanted));
}

template <typename Request>
const FileDescriptor* FileOfExtension(const Request& request) {
  const auto& wanted = request.file_containing_extension();
  const auto* const type = Pool().FindMessageTypeByName(wanted.containing_type());
  if (type == nullptr) return nullptr;
  const auto* const extension = Pool().FindExtensionByNumber(type, wanted.extension_number());
  return extension == nullptr ? nullptr : extension->file();
}

}  // namespace

template <typename Request, typename Response>
Response Reflector<Request, Response>::Answer(const Request& request) const {
  Response response;
  response.set_valid_host(request.host());
  *response.mutable_original_request() = request;
  switch (request.message_request_case()) {
    case Request::kFileByFilename:
      AddFile(Pool().FindFileByName(request.file_by_filename()), request.file_by_filename(), response);
      break;
    case Request::kFileContainingSymbol:
      AddFile(Pool().FindFileContainingSymbol(request.file_containing_symbol()), request.file_containing_symbol(),
              response);
      break;
    case Request::kFileContainingExtension:
      AddFile(FileOfExtension(request), request.file_containing_extension().containing_type(), response);
      break;
    case Request::kAllExtensionNumbersOfType:
      AddExtensionNumbers(request.all_extension_numbers_of_type(), response);
      break;
    case Request::kListServices:
      for (const std::string& name : services_) {
        response.mutable_list_services_response()->add_service()->set_name(name);
      }
      break;
    default:
      response.mutable_error_response()->set_error_code(grpc::StatusCode::INVALID_ARGUMENT);
      response.mutable_error_response()->set_error_message("no request in the message");
  }
  return response;
}

template <typename Request, typename Response>
void Reflector<Request, Response>::AddFile(const FileDescriptor* file, const std::string& wanted,
                                           Response& response) const {
  if (file == nullptr) return SetNotFound(wanted, response);
  std::set<const FileDescriptor*> seen;
  std::vector<const FileDescriptor*> files;
  Collect(file, seen, files);
  for (const FileDescriptor* needed : files) {
    google::protobuf::FileDescriptorProto descriptor;
    needed->CopyTo(&descriptor);
    needed->CopyJsonNameTo(&descriptor);
    response.mutable_file_descriptor_response()->add_file_descriptor_proto(descriptor.SerializeAsString());
  }
}

template <typename Request, typename Response>
void Reflector<Request, Response>::AddExtensionNumbers(const std::string& type, Response& response) const {
  const auto* const descriptor = Pool().FindMessageTypeByName(type);
  if (descriptor == nullptr) return SetNotFound(type, response);
  std::vector<const google::protobuf::FieldDescriptor*> extensions;
  Pool().FindAllExtensions(descriptor, &extensions);
  auto& answer = *response.mutable_all_extension_numbers_response();
  answer.set_base_type_name(type);
  for (const auto* extension : extensions) answer.add_extension_number(extension->number());
}

template class Reflector<reflection_v1::ServerReflectionRequest, reflection_v1::ServerReflectionResponse>;
template class Reflector<reflection_v1alpha::ServerReflectionRequest, reflection_v1alpha::ServerReflectionResponse>;

}  // namespace stock
