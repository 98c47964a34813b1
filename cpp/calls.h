// The client side of the RPCs: a channel and what it takes to use it.
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/security/credentials.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "grpc/health/v1/health.grpc.pb.h"
#include "proto/kv.grpc.pb.h"
#include "proto/session.grpc.pb.h"
#include "proto/stock.grpc.pb.h"

namespace stock {

// Where a server is and how to reach it.
struct Endpoint {
  std::string target;                                     // as gRPC names it: `ipv4:127.0.0.1:50051`
  std::shared_ptr<grpc::ChannelCredentials> credentials;  // null: plaintext
  std::string server_name;                                // empty: the host
  std::int64_t max_receive_bytes = 0;                     // 0: 4 MiB
  bool keeps_deadlines = true;                            // false: they are sent, and no more
};

// The target of `host:port`: a literal address is dialled as it stands, a name is resolved.
std::string TargetOf(const std::string& server);

// The stubs over connections of their own. It dials nothing before the first call.
class Channel {
 public:
  explicit Channel(const Endpoint& endpoint);

  tofusoup::stock::Stock::Stub& stock() { return *stock_; }
  proto::KV::Stub& kv() { return *kv_; }
  tofusoup::stock::session::Absent::Stub& absent() { return *absent_; }
  grpc::health::v1::Health::Stub& health() { return *health_; }

  // Gives the changes to the keys with a prefix to `receive` until it returns false or the call ends.
  grpc::Status Monitor(grpc::ClientContext& context, const std::string& prefix,
                       const std::function<bool(const tofusoup::stock::WatchEvent&)>& receive);

  // Stores items and tells what became of them.
  grpc::Status Batch(grpc::ClientContext& context, const std::vector<tofusoup::stock::BatchItem>& items,
                     tofusoup::stock::BatchSummary& summary);

  // Sends orders and gives their fills to `receive` until the call ends.
  grpc::Status Trade(grpc::ClientContext& context, const std::vector<tofusoup::stock::TradeOrder>& orders,
                     const std::function<void(const tofusoup::stock::TradeFill&)>& receive);

 private:
  const std::shared_ptr<grpc::Channel> channel_;
  const std::unique_ptr<tofusoup::stock::Stock::Stub> stock_;
  const std::unique_ptr<proto::KV::Stub> kv_;
  const std::unique_ptr<tofusoup::stock::session::Absent::Stub> absent_;
  const std::unique_ptr<grpc::health::v1::Health::Stub> health_;
};

}  // namespace stock
