#include "cpp/session/call.h"

#include <grpc/support/time.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace stock::session {
namespace {

void Prepare(const pb::Start& start, grpc::ClientContext& context) {
  for (const auto& entry : start.metadata().entries()) context.AddMetadata(entry.name(), entry.value());
  if (start.timeout_ns() > 0) {
    const gpr_timespec timeout = gpr_time_from_nanos(start.timeout_ns(), GPR_TIMESPAN);
    context.set_deadline(gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), timeout));
  }
  if (start.wait_for_ready()) context.set_wait_for_ready(true);
  if (start.compress()) context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
}

}  // namespace

RunningCall::RunningCall(std::shared_ptr<Channel> channel, const Method& method, const pb::Start& start,
                         Output& output, std::function<void()> ended)
    : channel_(std::move(channel)),
      method_(method),
      report_(std::make_shared<Report>(start.call(), output)),
      ended_(std::move(ended)),
      requests_(start.requests().begin(), start.requests().end()),
      closed_(start.half_close() || !method.sends),
      credit_(start.credit()),
      unlimited_(start.credit() == 0) {
  Prepare(start, context_);
}

void RunningCall::Start(grpc::CompletionQueue& queue) {
  const std::scoped_lock lock(mutex_);
  self_ = shared_from_this();
  queue_ = &queue;
  wire_ = method_.open(*channel_, context_, method_.sends ? pb::Request::default_instance() : requests_.front(), queue);
  if (!method_.sends) requests_.clear();  // handed to the library
  if (method_.unary) return Finish();
  wire_->Start(Begin(start_step_));
}

Result<void> RunningCall::Send(const google::protobuf::RepeatedPtrField<pb::Request>& requests) {
  const std::scoped_lock lock(mutex_);
  if (closed_) return Refuse("call: its requests have ended");
  for (const pb::Request& request : requests) {
    if (request.request_case() != method_.request) return Refuse("requests: one is not of the rpc's type");
  }
  requests_.insert(requests_.end(), requests.begin(), requests.end());
  Pump();
  return {};
}

Result<void> RunningCall::HalfClose() {
  const std::scoped_lock lock(mutex_);
  if (closed_) return Refuse("call: its requests have ended");
  closed_ = true;
  Pump();
  return {};
}

void RunningCall::Receive(std::uint32_t credit) {
  const std::scoped_lock lock(mutex_);
  unlimited_ = credit == 0;
  credit_ += credit;
  Pump();
}

void RunningCall::Cancel() { context_.TryCancel(); }

void RunningCall::Completed(void* tag, bool ok) {
  const Step& step = *static_cast<Step*>(tag);
  RunningCall& call = *step.call;
  {
    const std::scoped_lock lock(call.mutex_);
    --call.operations_;
    (call.*step.done)(ok);
    call.Pump();
    if (call.operations_ > 0) return;
    call.over_ = true;
    call.unsent_ = call.requests_.size();
  }
  call.End();
}

void* RunningCall::Begin(Step& step) {
  ++operations_;
  return &step;
}

void RunningCall::Started(bool ok) {
  started_ = ok;
  // Without a connection there is nothing but the status.
  ok ? wire_->ReadHeaders(Begin(headers_step_)) : Finish();
}

void RunningCall::HeadersRead(bool ok) {
  headers_read_ = ok;
  // From now on, so that the end of the call is known whether responses are read or not.
  Finish();
  if (!ok) return;
  if (!context_.GetServerInitialMetadata().empty()) return ReportHeaders();
  // gRPC gives empty ones too where the call ended without, but then the status is there as well.
  settled_.Set(queue_, std::chrono::system_clock::now(), Begin(settle_step_));
}

void RunningCall::HeadersSettled(bool /*ok*/) {
  if (!finished_) ReportHeaders();
}

void RunningCall::ResponseRead(bool ok) {
  reading_ = false;
  no_more_responses_ = !ok;
  if (!ok) return;
  ReportHeaders();
  report_->Response(wire_->TakeResponse());
}

void RunningCall::RequestWritten(bool ok) {
  writing_ = false;
  no_more_writes_ = !ok;
  if (ok) requests_.pop_front();
}

void RunningCall::WritesEnded(bool /*ok*/) { writing_ = false; }

void RunningCall::Finished(bool /*ok*/) { finished_ = true; }

void RunningCall::Finish() { wire_->Finish(&status_, Begin(finish_step_)); }

void RunningCall::ReportHeaders() {
  if (!std::exchange(headers_reported_, true)) report_->Headers(context_.GetServerInitialMetadata());
}

bool RunningCall::MayRead() const {
  return headers_read_ && !method_.single && !reading_ && !no_more_responses_ && (unlimited_ || credit_ > 0);
}

void RunningCall::Pump() {
  if (over_) return;
  PumpRequests();
  if (!MayRead()) return;
  if (!unlimited_) --credit_;
  reading_ = true;
  wire_->Read(Begin(read_step_));
}

void RunningCall::PumpRequests() {
  if (!started_ || !method_.sends || writing_ || no_more_writes_ || finished_) return;
  if (!requests_.empty()) {
    writing_ = true;
    wire_->Write(requests_.front(), Begin(write_step_));
  } else if (closed_) {
    writing_ = no_more_writes_ = true;
    wire_->EndWrites(Begin(end_writes_step_));
  }
}

void RunningCall::End() {
  const std::shared_ptr<RunningCall> self = std::exchange(self_, nullptr);
  ended_();
  if (method_.unary) return EndUnary();
  if (method_.single && status_.ok()) {
    ReportHeaders();
    report_->Response(wire_->TakeResponse());
  }
  report_->Status(StatusOf(status_, context_.GetServerTrailingMetadata(), unsent_));
}

void RunningCall::EndUnary() {
  const GrpcMetadata& headers = context_.GetServerInitialMetadata();
  std::optional<pb::Response> response;
  if (status_.ok()) response = wire_->TakeResponse();
  report_->Unary(status_.ok() || !headers.empty() ? &headers : nullptr, response ? &*response : nullptr,
                 StatusOf(status_, context_.GetServerTrailingMetadata(), 0));
}

}  // namespace stock::session
