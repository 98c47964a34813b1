#include "cpp/service.h"

#include "cpp/shapes.h"

namespace stock {
namespace {

namespace pb = tofusoup::stock;

// The status of a store's answer about a key.
grpc::Status StatusOf(KeyResult result, const std::string& key) {
  switch (result) {
    case KeyResult::kInvalidKey:
      return {grpc::StatusCode::INVALID_ARGUMENT, "invalid key: 1 to 1024 bytes of UTF-8 without NUL"};
    case KeyResult::kNotFound:
      return {grpc::StatusCode::NOT_FOUND, fmt::format("key not found: {}", key)};
    case KeyResult::kDone:
      break;
  }
  return grpc::Status::OK;
}

template <typename Request, typename Response>
grpc::Status GetValue(const Store& store, const Request& request, Response& response) {
  return StatusOf(store.Get(request.key(), *response.mutable_value()), request.key());
}

template <typename Request, typename Response>
grpc::Status PutValue(Store& store, const Request& request, Response& /*response*/) {
  return StatusOf(store.Put(request.key(), request.value()), request.key());
}

grpc::Status DeleteKey(Store& store, const pb::DeleteRequest& request, pb::Empty& /*response*/) {
  return StatusOf(store.Delete(request.key()), request.key());
}

void StoreItem(Store& store, const pb::BatchItem& item, pb::BatchSummary& summary) {
  summary.set_total_items(summary.total_items() + 1);
  if (store.Put(item.key(), item.value()) != KeyResult::kDone) {
    summary.set_failed(summary.failed() + 1);
    return;
  }
  summary.set_successful(summary.successful() + 1);
  summary.set_bytes_written(summary.bytes_written() + static_cast<std::int64_t>(item.value().size()));
}

pb::TradeFill FillOrder(Store& store, const pb::TradeOrder& order) {
  const Fill fill = store.Trade({.kind = order.type(), .symbol = order.symbol(), .quantity = order.quantity()});
  pb::TradeFill out;
  out.set_success(fill.done);
  out.set_symbol(order.symbol());
  out.set_quantity_filled(fill.quantity);
  out.set_message(fill.message);
  out.set_timestamp(fill.timestamp);
  return out;
}

pb::WatchEvent EventOf(const Change& change) {
  pb::WatchEvent event;
  event.set_type(change.deleted ? pb::WatchEvent::DELETE : pb::WatchEvent::PUT);
  event.set_key(change.key);
  event.set_value(change.value);
  event.set_timestamp(change.timestamp);
  return event;
}

// The changes of a subscription.
class ChangeFeed final : public Feed<pb::WatchEvent> {
 public:
  explicit ChangeFeed(std::shared_ptr<Subscription> subscription) : subscription_(std::move(subscription)) {}
  ~ChangeFeed() override { subscription_->Close(); }
  ChangeFeed(const ChangeFeed&) = delete;
  ChangeFeed& operator=(const ChangeFeed&) = delete;
  ChangeFeed(ChangeFeed&&) = delete;
  ChangeFeed& operator=(ChangeFeed&&) = delete;

  void Pull(std::function<void(const Next&)> receiver) override {
    subscription_->Pull([this, receiver = std::move(receiver)](const Subscription::Next& next) {
      switch (next.kind) {
        case Subscription::Kind::kChange:
          return receiver(EventOf(*next.change));
        case Subscription::Kind::kTooSlow:
          return receiver(grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED, "subscriber too slow"));
        case Subscription::Kind::kClosed:
          return receiver(closed_);
      }
    });
  }

  void Close(const grpc::Status& status) override {
    if (closed_.ok()) closed_ = status;
    subscription_->Close();
  }

 private:
  const std::shared_ptr<Subscription> subscription_;
  grpc::Status closed_;  // written before the subscription is closed, read after
};

std::variant<std::unique_ptr<Feed<pb::WatchEvent>>, grpc::Status> OpenMonitor(Store& store,
                                                                              const pb::WatchRequest& request) {
  std::shared_ptr<Subscription> subscription = store.Subscribe(request.key_prefix());
  if (!subscription) return StatusOf(KeyResult::kInvalidKey, request.key_prefix());
  return std::make_unique<ChangeFeed>(std::move(subscription));
}

}  // namespace

grpc::ServerUnaryReactor* StockService::Get(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                            grpc::ByteBuffer* response) {
  using Reaction = UnaryReaction<pb::GetRequest, pb::GetResponse>;
  return React<Reaction>(conduct_, *context, *request, *response, GetValue<pb::GetRequest, pb::GetResponse>);
}

grpc::ServerUnaryReactor* StockService::Put(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                            grpc::ByteBuffer* response) {
  using Reaction = UnaryReaction<pb::PutRequest, pb::Empty>;
  return React<Reaction>(conduct_, *context, *request, *response, PutValue<pb::PutRequest, pb::Empty>);
}

grpc::ServerUnaryReactor* StockService::Delete(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                               grpc::ByteBuffer* response) {
  return React<UnaryReaction<pb::DeleteRequest, pb::Empty>>(conduct_, *context, *request, *response, DeleteKey);
}

grpc::ServerUnaryReactor* StockService::Inventory(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                                  grpc::ByteBuffer* response) {
  using Reaction = UnaryReaction<pb::InventoryRequest, pb::InventoryStatus>;
  auto handler = [this](const Store& store, const pb::InventoryRequest& /*request*/, pb::InventoryStatus& status) {
    const Totals totals = store.Count();
    const auto uptime = std::chrono::steady_clock::now() - description_.started;
    status.set_total_items(totals.items);
    status.set_total_bytes(totals.bytes);
    status.set_uptime_seconds(std::chrono::duration_cast<std::chrono::seconds>(uptime).count());
    status.set_server_version(description_.version);
    status.mutable_metadata()->insert(description_.metadata.begin(), description_.metadata.end());
    return grpc::Status::OK;
  };
  return React<Reaction>(conduct_, *context, *request, *response, std::move(handler));
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* StockService::Monitor(grpc::CallbackServerContext* context,
                                                                  const grpc::ByteBuffer* request) {
  return React<FeedReaction<pb::WatchRequest, pb::WatchEvent>>(conduct_, *context, *request, OpenMonitor);
}

grpc::ServerReadReactor<grpc::ByteBuffer>* StockService::Batch(grpc::CallbackServerContext* context,
                                                               grpc::ByteBuffer* response) {
  return React<CollectReaction<pb::BatchItem, pb::BatchSummary>>(conduct_, *context, *response, StoreItem);
}

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* StockService::Trade(grpc::CallbackServerContext* context) {
  return React<AnswerReaction<pb::TradeOrder, pb::TradeFill>>(conduct_, *context, /*drains=*/false, FillOrder);
}

grpc::ServerUnaryReactor* KvService::Get(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) {
  using Reaction = UnaryReaction<proto::GetRequest, proto::GetResponse>;
  return React<Reaction>(conduct_, *context, *request, *response, GetValue<proto::GetRequest, proto::GetResponse>);
}

grpc::ServerUnaryReactor* KvService::Put(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) {
  using Reaction = UnaryReaction<proto::PutRequest, proto::Empty>;
  return React<Reaction>(conduct_, *context, *request, *response, PutValue<proto::PutRequest, proto::Empty>);
}

}  // namespace stock
