#include "cpp/session/methods.h"

#include <grpcpp/support/async_stream.h>
#include <grpcpp/support/async_unary_call.h>

#include <map>
#include <stdexcept>
#include <utility>

namespace stock::session {
namespace {

namespace stockpb = tofusoup::stock;
using grpc::ClientContext;
using grpc::CompletionQueue;

// How a message of a type is taken from a request's envelope, and put into a response's.
template <typename Message>
using Unwrap = const Message& (pb::Request::*)() const;
template <typename Message>
using Wrap = Message* (pb::Response::*)();

// What only some shapes have.
class PartialWire : public Wire {
 public:
  void Start(void* /*tag*/) override { throw std::logic_error("the call has started"); }
  void ReadHeaders(void* /*tag*/) override { throw std::logic_error("headers come with the end"); }
  void Read(void* /*tag*/) override { throw std::logic_error("no stream of responses"); }
  void Write(const pb::Request& /*request*/, void* /*tag*/) override {
    throw std::logic_error("no stream of requests");
  }
  void EndWrites(void* /*tag*/) override { throw std::logic_error("no stream of requests"); }
};

template <typename Message>
class Receiving : public PartialWire {
 public:
  explicit Receiving(Wrap<Message> wrap) : wrap_(wrap) {}

  pb::Response TakeResponse() override {
    pb::Response response;
    *(response.*wrap_)() = std::move(message_);
    message_.Clear();
    return response;
  }

 protected:
  Message message_;

 private:
  const Wrap<Message> wrap_;
};

template <typename Response>
class UnaryWire final : public Receiving<Response> {
 public:
  UnaryWire(Wrap<Response> wrap, std::unique_ptr<grpc::ClientAsyncResponseReader<Response>> call)
      : Receiving<Response>(wrap), call_(std::move(call)) {}

  void Finish(grpc::Status* status, void* tag) override { call_->Finish(&this->message_, status, tag); }

 private:
  const std::unique_ptr<grpc::ClientAsyncResponseReader<Response>> call_;
};

// The operations that all streams have.
template <typename Response, typename Call>
class StreamWire : public Receiving<Response> {
 public:
  explicit StreamWire(Wrap<Response> wrap) : Receiving<Response>(wrap) {}

  void Start(void* tag) override { call_->StartCall(tag); }
  void ReadHeaders(void* tag) override { call_->ReadInitialMetadata(tag); }
  void Finish(grpc::Status* status, void* tag) override { call_->Finish(status, tag); }

  std::unique_ptr<Call> call_;
};

template <typename Response>
class FeedWire final : public StreamWire<Response, grpc::ClientAsyncReader<Response>> {
 public:
  using StreamWire<Response, grpc::ClientAsyncReader<Response>>::StreamWire;

  void Read(void* tag) override { this->call_->Read(&this->message_, tag); }
};

template <typename Request, typename Response>
class CollectWire final : public StreamWire<Response, grpc::ClientAsyncWriter<Request>> {
 public:
  CollectWire(Unwrap<Request> unwrap, Wrap<Response> wrap)
      : StreamWire<Response, grpc::ClientAsyncWriter<Request>>(wrap), unwrap_(unwrap) {}

  // What the stub is given to put its response into.
  Response* target() { return &this->message_; }

  void Write(const pb::Request& request, void* tag) override { this->call_->Write((request.*unwrap_)(), tag); }
  void EndWrites(void* tag) override { this->call_->WritesDone(tag); }

 private:
  const Unwrap<Request> unwrap_;
};

template <typename Request, typename Response>
class AnswerWire final : public StreamWire<Response, grpc::ClientAsyncReaderWriter<Request, Response>> {
 public:
  AnswerWire(Unwrap<Request> unwrap, Wrap<Response> wrap)
      : StreamWire<Response, grpc::ClientAsyncReaderWriter<Request, Response>>(wrap), unwrap_(unwrap) {}

  void Read(void* tag) override { this->call_->Read(&this->message_, tag); }
  void Write(const pb::Request& request, void* tag) override { this->call_->Write((request.*unwrap_)(), tag); }
  void EndWrites(void* tag) override { this->call_->WritesDone(tag); }

 private:
  const Unwrap<Request> unwrap_;
};

// A unary method: its stub's own function, as `&Stub::AsyncGet`.
template <typename Stub, typename Request, typename Response>
Method Unary(Stub& (Channel::*stub)(), pb::Request::RequestCase kind,
             std::unique_ptr<grpc::ClientAsyncResponseReader<Response>> (Stub::*start)(ClientContext*, const Request&,
                                                                                       CompletionQueue*),
             Unwrap<Request> unwrap, Wrap<Response> wrap) {
  auto open = [=](Channel& channel, ClientContext& context, const pb::Request& request, CompletionQueue& queue) {
    return std::make_unique<UnaryWire<Response>>(wrap,
                                                 ((channel.*stub)().*start)(&context, (request.*unwrap)(), &queue));
  };
  return {.unary = true, .single = true, .request = kind, .open = open};
}

Method Monitor() {
  auto open = [](Channel& channel, ClientContext& context, const pb::Request& request, CompletionQueue& queue) {
    auto wire = std::make_unique<FeedWire<stockpb::WatchEvent>>(&pb::Response::mutable_monitor);
    wire->call_ = channel.stock().PrepareAsyncMonitor(&context, request.monitor(), &queue);
    return wire;
  };
  return {.request = pb::Request::kMonitor, .open = open};
}

Method Batch() {
  auto open = [](Channel& channel, ClientContext& context, const pb::Request& /*request*/, CompletionQueue& queue) {
    auto wire = std::make_unique<CollectWire<stockpb::BatchItem, stockpb::BatchSummary>>(&pb::Request::batch,
                                                                                         &pb::Response::mutable_batch);
    wire->call_ = channel.stock().PrepareAsyncBatch(&context, wire->target(), &queue);
    return wire;
  };
  return {.sends = true, .single = true, .request = pb::Request::kBatch, .open = open};
}

Method Trade() {
  auto open = [](Channel& channel, ClientContext& context, const pb::Request& /*request*/, CompletionQueue& queue) {
    auto wire = std::make_unique<AnswerWire<stockpb::TradeOrder, stockpb::TradeFill>>(&pb::Request::trade,
                                                                                      &pb::Response::mutable_trade);
    wire->call_ = channel.stock().PrepareAsyncTrade(&context, &queue);
    return wire;
  };
  return {.sends = true, .request = pb::Request::kTrade, .open = open};
}

const std::map<pb::Rpc, Method>& Methods() {
  using Stock = stockpb::Stock::Stub;
  using Kv = proto::KV::Stub;
  using pb::Request;
  using pb::Response;
  static const std::map<pb::Rpc, Method> methods{
      {pb::RPC_GET, Unary(&Channel::stock, Request::kGet, &Stock::AsyncGet, &Request::get, &Response::mutable_get)},
      {pb::RPC_PUT, Unary(&Channel::stock, Request::kPut, &Stock::AsyncPut, &Request::put, &Response::mutable_put)},
      {pb::RPC_DELETE,
       Unary(&Channel::stock, Request::kDelete, &Stock::AsyncDelete, &Request::delete_, &Response::mutable_delete_)},
      {pb::RPC_INVENTORY, Unary(&Channel::stock, Request::kInventory, &Stock::AsyncInventory, &Request::inventory,
                                &Response::mutable_inventory)},
      {pb::RPC_MONITOR, Monitor()},
      {pb::RPC_BATCH, Batch()},
      {pb::RPC_TRADE, Trade()},
      {pb::RPC_KV_GET,
       Unary(&Channel::kv, Request::kKvGet, &Kv::AsyncGet, &Request::kv_get, &Response::mutable_kv_get)},
      {pb::RPC_KV_PUT,
       Unary(&Channel::kv, Request::kKvPut, &Kv::AsyncPut, &Request::kv_put, &Response::mutable_kv_put)},
      {pb::RPC_ABSENT_GET,
       Unary(&Channel::absent, Request::kGet, &pb::Absent::Stub::AsyncGet, &Request::get, &Response::mutable_get)},
  };
  return methods;
}

}  // namespace

const Method* FindMethod(pb::Rpc rpc) {
  const auto found = Methods().find(rpc);
  return found == Methods().end() ? nullptr : &found->second;
}

}  // namespace stock::session
