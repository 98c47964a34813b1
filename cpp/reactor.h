// What every call of a server goes through: the directive before its handler, its faults, its end.
//
// The reactors work on bytes and decode for themselves: gRPC's own would answer UNIMPLEMENTED to a request that does
// not decode, and take a stream's for its end.
#pragma once

#include <fmt/format.h>
#include <grpc/grpc.h>
#include <grpc/support/time.h>
#include <grpcpp/alarm.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <utility>

#include "cpp/directive.h"
#include "cpp/log.h"
#include "cpp/metadata.h"
#include "cpp/running.h"
#include "cpp/store/store.h"

namespace stock {

// What all calls of a listener share; it outlives them.
struct Conduct {
  std::shared_ptr<Stores> stores;
  bool conformance = false;
  Directed::Report report;
  RunningCalls running;
};

inline grpc::Status Draining() { return {grpc::StatusCode::UNAVAILABLE, "server shutting down"}; }
inline grpc::Status Cancelled() { return {grpc::StatusCode::CANCELLED, "cancelled"}; }
inline grpc::Status TooMuchMetadata() { return {grpc::StatusCode::RESOURCE_EXHAUSTED, "too much request metadata"}; }
inline grpc::Status Undecodable() { return {grpc::StatusCode::INTERNAL, "the request does not decode"}; }

template <typename Message>
bool Decode(const grpc::ByteBuffer& bytes, Message& message) {
  grpc::ByteBuffer taken(bytes);  // shares the bytes
  return taken.Valid() && grpc::SerializationTraits<Message>::Deserialize(&taken, &message).ok();
}

template <typename Message>
void Encode(const Message& message, grpc::ByteBuffer& bytes) {
  bytes.Clear();  // gRPC takes no buffer that has been used
  bool own_buffer = false;
  const grpc::Status status = grpc::SerializationTraits<Message>::Serialize(message, &bytes, &own_buffer);
  if (!status.ok()) throw std::runtime_error(status.error_message());
}

// One of gRPC's four reactors, with a handler in `Handle`. It owns itself: gRPC calls OnDone last.
template <typename Reactor>
class Reaction : public Reactor {
 public:
  Reaction(const Reaction&) = delete;
  Reaction& operator=(const Reaction&) = delete;
  Reaction(Reaction&&) = delete;
  Reaction& operator=(Reaction&&) = delete;

  // The first step, on an object that is complete.
  void Begin() {
    KeepDeadline();
    conduct_.running.Begin(this, [this] { OnDrain(); });
    Guarded([this] {
      if (SizeOf(context_.client_metadata()) > kMaxMetadataBytes) return End(TooMuchMetadata());
      if (auto refused = directed_.Prepare()) return End(*refused);
      if (!directed_.headers_first()) return Delay();
      headers_sent_ = true;
      Unended([this] { this->StartSendInitialMetadata(); });
    });
  }

  void OnSendInitialMetadataDone(bool /*ok*/) override {
    // Not for the directive: the handler has sent them.
    if (handling_) return HeadersSent();
    Guarded([this] { Delay(); });
  }

  void OnCancel() override {
    const std::scoped_lock lock(mutex_);
    cancelled_ = true;
    if (delaying_) alarm_.Cancel();
  }

  void OnDone() override {
    {
      // Whoever ended the call may still hold the lock.
      const std::scoped_lock lock(mutex_);
      done_ = true;
      deadline_.Cancel();
    }
    directed_.Ended(read_, sent_);
    conduct_.running.End(this);
    Release();
  }

 protected:
  Reaction(Conduct& conduct, grpc::CallbackServerContext& context)
      : conduct_(conduct), context_(context), directed_(conduct.conformance, conduct.report, context) {}
  ~Reaction() override = default;

  // Does the call's work. What it throws ends the call.
  virtual void Handle() = 0;

  // Whether messages count for a directive's `fail.after`.
  [[nodiscard]] virtual bool Streams() const { return true; }

  // The initial metadata that the handler has started to send is sent.
  virtual void HeadersSent() {}

  // The server drains. Called with a lock of the listener; it must not block.
  virtual void OnDrain() {}

  // Ends the call, unless it has ended.
  void End(const grpc::Status& status) {
    const std::scoped_lock lock(mutex_);
    if (std::exchange(ended_, true)) return;
    this->Finish(status);
  }

  // Starts an operation, unless the call has ended.
  void Unended(const std::function<void()>& start) {
    const std::scoped_lock lock(mutex_);
    if (!ended_) start();
  }

  // Runs a step of the call. An exception is a fault of ours: the peer learns no more than that.
  void Guarded(const std::function<void()>& step) {
    try {
      step();
    } catch (const std::exception& fault) {
      Log("error", fmt::format("a handler failed: {}", fault.what()));
      End({grpc::StatusCode::INTERNAL, "the handler failed"});
    }
  }

  [[nodiscard]] std::shared_ptr<Store> store() const { return conduct_.stores->Named(directed_.store()); }
  [[nodiscard]] const grpc::CallbackServerContext& context() const { return context_; }
  [[nodiscard]] const Directed& directed() const { return directed_; }

  std::uint32_t read_ = 0;     // messages
  std::uint32_t sent_ = 0;     // messages
  bool headers_sent_ = false;  // or about to be

 private:
  // Ends the call when its deadline passes. gRPC's own timer, which the listener switches off, is not that of the
  // call: what the call reads then fails, for which grpc-core 1.51 ends the stream a second time, and a peer may close
  // the connection over that (RFC 9113, section 5.1).
  void KeepDeadline() {
    const gpr_timespec deadline = context_.raw_deadline();
    if (gpr_time_cmp(deadline, gpr_inf_future(deadline.clock_type)) == 0) return;
    ++holds_;
    deadline_.Set(deadline, [this](bool expired) {
      if (expired) Expire();
      Release();
    });
  }

  void Expire() {
    const std::scoped_lock lock(mutex_);
    if (done_) return;
    grpc_call_cancel_with_status(context_.c_call(), GRPC_STATUS_DEADLINE_EXCEEDED, "Deadline Exceeded", nullptr);
  }

  // The call is over, or its deadline's alarm is.
  void Release() {
    if (--holds_ == 0) delete this;
  }

  void Delay() {
    if (directed_.delay().count() == 0) return Run();
    const std::scoped_lock lock(mutex_);
    delaying_ = true;
    alarm_.Set(std::chrono::system_clock::now() + directed_.delay(), [this](bool /*expired*/) { DelayEnded(); });
    if (cancelled_) alarm_.Cancel();
  }

  void DelayEnded() {
    bool cancelled = false;
    {
      const std::scoped_lock lock(mutex_);
      delaying_ = false;
      cancelled = cancelled_;
    }
    if (cancelled) return End(Cancelled());
    Guarded([this] { Run(); });
  }

  void Run() {
    if (directed_.throws()) throw std::runtime_error("thrown for a directive");
    if (auto failed = directed_.FailFirst(Streams())) return End(*failed);
    handling_ = true;
    Handle();
  }

  Conduct& conduct_;
  grpc::CallbackServerContext& context_;
  Directed directed_;
  bool handling_ = false;

  std::mutex mutex_;
  std::atomic<int> holds_ = 1;
  grpc::Alarm deadline_;
  bool done_ = false;
  grpc::Alarm alarm_;
  bool delaying_ = false;
  bool cancelled_ = false;
  bool ended_ = false;
};

// Makes a reaction of the given class and begins it; gRPC owns it from then on.
template <typename R, typename... Args>
R* React(Args&&... args) {
  auto reaction = std::make_unique<R>(std::forward<Args>(args)...);
  reaction->Begin();
  return reaction.release();
}

}  // namespace stock
