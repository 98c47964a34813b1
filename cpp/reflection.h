// Server reflection over the descriptors that generated code carries: gRPC's own has only the older version.
#pragma once

#include <google/protobuf/descriptor.h>

#include <string>
#include <vector>

#include "cpp/shapes.h"
#include "grpc/reflection/v1/reflection.grpc.pb.h"
#include "grpc/reflection/v1alpha/reflection.grpc.pb.h"

namespace stock {

// Answers one request of either version, whose messages have the same fields.
template <typename Request, typename Response>
class Reflector {
 public:
  explicit Reflector(std::vector<std::string> services) : services_(std::move(services)) {}

  [[nodiscard]] Response Answer(const Request& request) const;

 private:
  void AddFile(const google::protobuf::FileDescriptor* file, const std::string& wanted, Response& response) const;
  void AddExtensionNumbers(const std::string& type, Response& response) const;

  const std::vector<std::string> services_;
};

template <typename Raw, typename Request, typename Response>
class ReflectionServiceOf final : public Raw {
 public:
  // Lists `services`, its own among them.
  ReflectionServiceOf(Conduct& conduct, std::vector<std::string> services)
      : conduct_(conduct), reflector_(std::move(services)) {}

  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* ServerReflectionInfo(
      grpc::CallbackServerContext* context) override {
    return React<AnswerReaction<Request, Response>>(
        conduct_, *context, /*drains=*/true,
        [this](const Store& /*store*/, const Request& request) { return reflector_.Answer(request); });
  }

 private:
  Conduct& conduct_;
  const Reflector<Request, Response> reflector_;
};

namespace reflection_v1 = grpc::reflection::v1;
namespace reflection_v1alpha = grpc::reflection::v1alpha;

using ReflectionService =
    ReflectionServiceOf<reflection_v1::ServerReflection::WithRawCallbackMethod_ServerReflectionInfo<
                            reflection_v1::ServerReflection::Service>,
                        reflection_v1::ServerReflectionRequest, reflection_v1::ServerReflectionResponse>;
using ReflectionAlphaService =
    ReflectionServiceOf<reflection_v1alpha::ServerReflection::WithRawCallbackMethod_ServerReflectionInfo<
                            reflection_v1alpha::ServerReflection::Service>,
                        reflection_v1alpha::ServerReflectionRequest, reflection_v1alpha::ServerReflectionResponse>;

}  // namespace stock
