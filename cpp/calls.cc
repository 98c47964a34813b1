#include "cpp/calls.h"

#include <arpa/inet.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/support/channel_arguments.h>

#include <thread>

#include "cpp/metadata.h"

namespace stock {
namespace {

constexpr int kDefaultReceiveBytes = 4 << 20;

// gRPC's own first wait of 1 s is long for a server of a test, which comes up sooner.
constexpr int kFirstBackoffMs = 50;

std::shared_ptr<grpc::Channel> Open(const Endpoint& endpoint) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  // Else equal channels share connections.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kFirstBackoffMs);
  // Windows that grow by themselves would hold megabytes for who does not read.
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  arguments.SetInt(GRPC_ARG_ENABLE_DEADLINE_CHECKS, endpoint.keeps_deadlines ? 1 : 0);
  // No look-up of a configuration in DNS.
  arguments.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  arguments.SetMaxReceiveMessageSize(endpoint.max_receive_bytes > 0 ? static_cast<int>(endpoint.max_receive_bytes)
                                                                    : kDefaultReceiveBytes);
  // gRPC's own limit is 8 KiB.
  arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
  if (!endpoint.server_name.empty()) {
    arguments.SetSslTargetNameOverride(endpoint.server_name);
    arguments.SetString(GRPC_ARG_DEFAULT_AUTHORITY, endpoint.server_name);
  }
  const auto credentials = endpoint.credentials ? endpoint.credentials : grpc::InsecureChannelCredentials();
  return grpc::CreateCustomChannel(endpoint.target, credentials, arguments);
}

}  // namespace

std::string TargetOf(const std::string& server) {
  if (server.starts_with('[')) return "ipv6:" + server;
  in_addr parsed{};
  const std::string host = server.substr(0, server.rfind(':'));
  return (inet_pton(AF_INET, host.c_str(), &parsed) == 1 ? "ipv4:" : "dns:") + server;
}

Channel::Channel(const Endpoint& endpoint)
    : channel_(Open(endpoint)),
      stock_(tofusoup::stock::Stock::NewStub(channel_)),
      kv_(proto::KV::NewStub(channel_)),
      absent_(tofusoup::stock::session::Absent::NewStub(channel_)),
      health_(grpc::health::v1::Health::NewStub(channel_)) {}

grpc::Status Channel::Monitor(grpc::ClientContext& context, const std::string& prefix,
                              const std::function<bool(const tofusoup::stock::WatchEvent&)>& receive) {
  tofusoup::stock::WatchRequest request;
  request.set_key_prefix(prefix);
  const auto stream = stock_->Monitor(&context, request);
  tofusoup::stock::WatchEvent event;
  while (stream->Read(&event)) {
    if (receive(event)) continue;
    context.TryCancel();
    // Its status is that of our own cancelling.
    stream->Finish();
    return grpc::Status::OK;
  }
  return stream->Finish();
}

grpc::Status Channel::Batch(grpc::ClientContext& context, const std::vector<tofusoup::stock::BatchItem>& items,
                            tofusoup::stock::BatchSummary& summary) {
  const auto stream = stock_->Batch(&context, &summary);
  for (const auto& item : items) {
    if (!stream->Write(item)) break;  // the call is over: Finish tells why
  }
  stream->WritesDone();
  return stream->Finish();
}

grpc::Status Channel::Trade(grpc::ClientContext& context, const std::vector<tofusoup::stock::TradeOrder>& orders,
                            const std::function<void(const tofusoup::stock::TradeFill&)>& receive) {
  const auto stream = stock_->Trade(&context);
  std::jthread sender([&] {
    for (const auto& order : orders) {
      if (!stream->Write(order)) return;  // the call is over: Finish tells why
    }
    stream->WritesDone();
  });
  tofusoup::stock::TradeFill fill;
  while (stream->Read(&fill)) receive(fill);
  sender.join();
  return stream->Finish();
}

}  // namespace stock
