// The handlers of Stock and KV.
#pragma once

#include <chrono>
#include <map>
#include <string>

#include "cpp/reactor.h"
#include "proto/kv.grpc.pb.h"
#include "proto/stock.grpc.pb.h"

namespace stock {

// What Inventory says of the server beside the totals.
struct Description {
  std::string version;
  std::chrono::steady_clock::time_point started;
  std::map<std::string, std::string> metadata;
};

// Both services by the same names, with requests and responses as bytes: see reactor.h.
using RawStock = tofusoup::stock::Stock::WithRawCallbackMethod_Get<tofusoup::stock::Stock::WithRawCallbackMethod_Put<
    tofusoup::stock::Stock::WithRawCallbackMethod_Monitor<tofusoup::stock::Stock::WithRawCallbackMethod_Batch<
        tofusoup::stock::Stock::WithRawCallbackMethod_Trade<tofusoup::stock::Stock::WithRawCallbackMethod_Inventory<
            tofusoup::stock::Stock::WithRawCallbackMethod_Delete<tofusoup::stock::Stock::Service>>>>>>>;
using RawKv = proto::KV::WithRawCallbackMethod_Get<proto::KV::WithRawCallbackMethod_Put<proto::KV::Service>>;

class StockService final : public RawStock {
 public:
  StockService(Conduct& conduct, Description description) : conduct_(conduct), description_(std::move(description)) {}

  grpc::ServerUnaryReactor* Get(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* Put(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* Delete(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                   grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* Inventory(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                      grpc::ByteBuffer* response) override;
  grpc::ServerWriteReactor<grpc::ByteBuffer>* Monitor(grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request) override;
  grpc::ServerReadReactor<grpc::ByteBuffer>* Batch(grpc::CallbackServerContext* context,
                                                   grpc::ByteBuffer* response) override;
  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* Trade(grpc::CallbackServerContext* context) override;

 private:
  Conduct& conduct_;
  const Description description_;
};

// The older service, over the same stores as Stock.
class KvService final : public RawKv {
 public:
  explicit KvService(Conduct& conduct) : conduct_(conduct) {}

  grpc::ServerUnaryReactor* Get(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* Put(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                grpc::ByteBuffer* response) override;

 private:
  Conduct& conduct_;
};

}  // namespace stock
