// Conformance mode: what the directive in a call's metadata says, and what a tagged call was seen to do.
#pragma once

#include <grpcpp/server_context.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "proto/session.pb.h"

namespace stock {

// A call that carries a directive, or an ordinary one.
class Directed {
 public:
  // Told once for each call with a tag, when it has ended. Called from any thread; it must not block.
  using Report = std::function<void(const std::string& tag, const tofusoup::stock::session::Observation&)>;

  // Reads no directive unless `obeys`. A null `report` stands for nobody to tell.
  Directed(bool obeys, Report report, grpc::CallbackServerContext& context);

  // Adds the metadata and the compression that the directive asks for to the call's context. Gives the status that
  // ends the call at once, if any.
  std::optional<grpc::Status> Prepare();

  // The name of the store that the call works on; empty: the default one.
  [[nodiscard]] const std::string& store() const { return directive_.store(); }
  [[nodiscard]] bool headers_first() const { return directive_.headers_first(); }
  [[nodiscard]] std::chrono::milliseconds delay() const { return std::chrono::milliseconds(directive_.delay_ms()); }
  [[nodiscard]] bool throws() const { return directive_.throw_(); }

  // The status to end the call with instead of the handler; `streams` is whether the messages of the shape count.
  [[nodiscard]] std::optional<grpc::Status> FailFirst(bool streams) const;

  // The status to end the call with once it has that many messages of those that count.
  [[nodiscard]] std::optional<grpc::Status> FailAfter(std::uint32_t count) const;

  // Reports the call, which has ended.
  void Ended(std::uint32_t messages_read, std::uint32_t messages_sent);

 private:
  void Observe();

  const Report report_;
  grpc::CallbackServerContext& context_;
  bool undecodable_ = false;
  tofusoup::stock::session::Directive directive_;
  tofusoup::stock::session::Observation observation_;
};

}  // namespace stock
