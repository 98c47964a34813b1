#include "cpp/session/call.h"

#include <grpc/support/time.h>

#include <chrono>
#include <utility>

namespace stock::session {
namespace {

// grpc-core 1.51 resets the stream of a call that is cancelled, or runs out of time, before its request has
// left: a stream that is not open yet, for which a peer may close the connection under all its calls (RFC 9113,
// section 5.1; grpc/grpc issues 19655 and 38758). So the session keeps the deadlines itself, and ends a call no sooner
// than its stream is open. Of a unary call gRPC does not tell: it is given this time to leave, and the same again where
// the process was not on time itself, as the thread that writes will not have been either; but no more than the last.
constexpr std::int64_t kLeaveTimeMs = 100;
constexpr std::int64_t kLeaveSlackMs = 20;
constexpr std::int64_t kLeaveTimeoutMs = 2000;

void Prepare(const pb::Start& start, grpc::ClientContext& context) {
  for (const auto& entry : start.metadata().entries()) context.AddMetadata(entry.name(), entry.value());
  if (start.wait_for_ready()) context.set_wait_for_ready(true);
  if (start.compress()) context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
}

gpr_timespec Now() { return gpr_now(GPR_CLOCK_MONOTONIC); }

gpr_timespec After(gpr_timespec time, std::int64_t milliseconds) {
  return gpr_time_add(time, gpr_time_from_millis(milliseconds, GPR_TIMESPAN));
}

bool IsPast(gpr_timespec time) { return gpr_time_cmp(Now(), time) >= 0; }

}  // namespace

RunningCall::RunningCall(std::shared_ptr<Channel> channel, const Method& method, const pb::Start& start, Output& output,
                         std::function<void()> ended)
    : channel_(std::move(channel)),
      method_(method),
      report_(std::make_shared<Report>(start.call(), output)),
      ended_(std::move(ended)),
      timeout_ns_(start.timeout_ns()),
      requests_(start.requests().begin(), start.requests().end()),
      closed_(start.half_close() || !method.sends),
      credit_(start.credit()),
      unlimited_(start.credit() == 0) {
  Prepare(start, context_);
}

void RunningCall::Start(grpc::CompletionQueue& queue) {
  const std::scoped_lock lock(mutex_);
  begun_ = Now();
  self_ = shared_from_this();
  queue_ = &queue;
  if (timeout_ns_ > 0) {
    const gpr_timespec deadline = gpr_time_add(begun_, gpr_time_from_nanos(timeout_ns_, GPR_TIMESPAN));
    context_.set_deadline(deadline);
    deadline_waits_ = true;
    deadline_.Set(queue_, deadline, Begin(deadline_step_));
  }
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

void RunningCall::Cancel() {
  const std::scoped_lock lock(mutex_);
  Abort(GRPC_STATUS_CANCELLED);
}

void RunningCall::Abort(grpc_status_code code) {
  if (over_ || abort_) return;
  abort_ = code;
  if (started_ || IsPast(After(begun_, kLeaveTimeoutMs))) return Reset();
  // An alarm that is on time shows that the process is.
  AwaitLeave(gpr_time_max(After(begun_, kLeaveTimeMs), After(Now(), kLeaveSlackMs)));
}

void RunningCall::AwaitLeave(gpr_timespec due) {
  leave_waits_ = true;
  leave_due_ = due;
  leave_.Set(queue_, due, Begin(leave_step_));
}

void RunningCall::Reset() {
  // As gRPC itself does it.
  const char* message = *abort_ == GRPC_STATUS_DEADLINE_EXCEEDED ? "Deadline Exceeded" : "CANCELLED";
  grpc_call_cancel_with_status(context_.c_call(), *abort_, message, nullptr);
}

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

void RunningCall::DeadlineDue(bool ok) {
  deadline_waits_ = false;
  if (ok) Abort(GRPC_STATUS_DEADLINE_EXCEEDED);
}

void RunningCall::LeaveDue(bool /*ok*/) {
  leave_waits_ = false;
  const bool late = IsPast(After(leave_due_, kLeaveSlackMs));
  const bool ended = started_ || finished_ || IsPast(After(begun_, kLeaveTimeoutMs));
  late && !ended ? AwaitLeave(After(Now(), kLeaveTimeMs)) : Reset();
}

void RunningCall::Started(bool ok) {
  started_ = ok;
  if (leave_waits_) leave_.Cancel();
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

void RunningCall::Finished(bool /*ok*/) {
  finished_ = true;
  if (leave_waits_) leave_.Cancel();
  if (deadline_waits_) deadline_.Cancel();
}

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
