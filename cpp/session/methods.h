// The methods that a session can call, each by its generated stub.
#pragma once

#include <grpcpp/completion_queue.h>

#include <functional>
#include <memory>

#include "cpp/calls.h"
#include "cpp/result.h"

namespace stock::session {

namespace pb = tofusoup::stock::session;

// An open call of some method: the asynchronous operations that its stub gives, with requests and responses in the
// session's envelopes. Each operation puts its tag into the call's queue when it is over.
class Wire {
 public:
  Wire() = default;
  virtual ~Wire() = default;
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  Wire(Wire&&) = delete;
  Wire& operator=(Wire&&) = delete;

  // A unary call starts of itself: its one operation is Finish.
  virtual void Start(void* tag) = 0;
  virtual void ReadHeaders(void* tag) = 0;
  virtual void Read(void* tag) = 0;
  virtual void Write(const pb::Request& request, void* tag) = 0;
  virtual void EndWrites(void* tag) = 0;
  virtual void Finish(grpc::Status* status, void* tag) = 0;

  // The response that was read last, or that came with the end of a call with a single one.
  virtual pb::Response TakeResponse() = 0;
};

struct Method {
  bool unary = false;
  bool sends = false;   // a stream of requests
  bool single = false;  // one response, which comes with the end
  pb::Request::RequestCase request = pb::Request::REQUEST_NOT_SET;

  // Makes the call; `request` is the one of a method that sends no stream.
  std::function<std::unique_ptr<Wire>(Channel&, grpc::ClientContext&, const pb::Request& request,
                                      grpc::CompletionQueue&)>
      open;
};

// Null for what is no method.
const Method* FindMethod(pb::Rpc rpc);

}  // namespace stock::session
