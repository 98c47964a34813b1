// A call of a session: what its library is told to do, and what it gives.
#pragma once

#include <grpc/grpc.h>
#include <grpcpp/alarm.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>

#include "cpp/session/methods.h"
#include "cpp/session/report.h"

namespace stock::session {

// A running call. Commands reach it from one thread, completions from that of the queue. It keeps itself alive until
// its status is reported.
class RunningCall final : public std::enable_shared_from_this<RunningCall> {
 public:
  // The call's clock starts. `ended` is called when the call has ended, before its status is reported.
  RunningCall(std::shared_ptr<Channel> channel, const Method& method, const pb::Start& start, Output& output,
              std::function<void()> ended);

  // Begins the call; its operations complete in `queue`.
  void Start(grpc::CompletionQueue& queue);

  // Queues requests, all of the method's type or none.
  Result<void> Send(const google::protobuf::RepeatedPtrField<pb::Request>& requests);

  // Ends the requests after those queued.
  Result<void> HalfClose();

  // Allows more responses; 0 stands for all.
  void Receive(std::uint32_t credit);

  // Cancels the call.
  void Cancel();

  // What a tag of the queue is.
  struct Step {
    RunningCall* call;
    void (RunningCall::*done)(bool ok);
  };

  // Goes on after an operation.
  static void Completed(void* tag, bool ok);

 private:
  // All of these hold the lock.
  void Started(bool ok);
  void HeadersRead(bool ok);
  void HeadersSettled(bool ok);
  void ResponseRead(bool ok);
  void RequestWritten(bool ok);
  void WritesEnded(bool ok);
  void Finished(bool ok);
  void DeadlineDue(bool ok);
  void LeaveDue(bool ok);
  void Abort(grpc_status_code code);
  void AwaitLeave(gpr_timespec due);
  void Reset();
  void Finish();
  void ReportHeaders();
  void Pump();
  void PumpRequests();
  [[nodiscard]] bool MayRead() const;
  // Counts an operation that begins.
  void* Begin(Step& step);

  // Without the lock: nothing is running any more.
  void End();
  void EndUnary();

  const std::shared_ptr<Channel> channel_;
  const Method& method_;
  const std::shared_ptr<Report> report_;
  const std::function<void()> ended_;
  grpc::ClientContext context_;
  grpc::CompletionQueue* queue_ = nullptr;
  std::unique_ptr<Wire> wire_;
  grpc::Alarm settled_;
  grpc::Alarm deadline_;
  grpc::Alarm leave_;
  grpc::Status status_;

  std::mutex mutex_;
  const std::int64_t timeout_ns_;  // 0: none
  gpr_timespec begun_{};
  gpr_timespec leave_due_{};           // when the call has had its time to leave
  std::shared_ptr<RunningCall> self_;  // while something is running
  int operations_ = 0;                 // that are running
  std::deque<pb::Request> requests_;   // not yet handed to the library
  bool closed_;                        // no more requests will come
  std::uint32_t credit_;               // responses that may still be read
  bool unlimited_;                     // credit does not matter
  bool started_ = false;
  bool headers_read_ = false;
  bool headers_reported_ = false;
  bool reading_ = false;
  bool no_more_responses_ = false;
  bool writing_ = false;
  bool no_more_writes_ = false;
  bool finished_ = false;
  bool over_ = false;
  bool deadline_waits_ = false;
  bool leave_waits_ = false;
  std::optional<grpc_status_code> abort_;  // to end the call with
  std::size_t unsent_ = 0;

  Step start_step_{this, &RunningCall::Started};
  Step headers_step_{this, &RunningCall::HeadersRead};
  Step settle_step_{this, &RunningCall::HeadersSettled};
  Step read_step_{this, &RunningCall::ResponseRead};
  Step write_step_{this, &RunningCall::RequestWritten};
  Step end_writes_step_{this, &RunningCall::WritesEnded};
  Step deadline_step_{this, &RunningCall::DeadlineDue};
  Step leave_step_{this, &RunningCall::LeaveDue};
  Step finish_step_{this, &RunningCall::Finished};
};

}  // namespace stock::session
