#include "cpp/operations.h"

#include <string_view>
#include <utility>
#include <vector>

#include "cpp/lines.h"

namespace stock {
namespace {

namespace pb = tofusoup::stock;

std::string First(const std::vector<std::string>& arguments) { return arguments.empty() ? "" : arguments.front(); }

Outcome PrintIf(const grpc::Status& status, const Print& print, const std::string& text) {
  if (status.ok()) print(text);
  return {.status = status};
}

// `get` and `kv-get`, `put` and `kv-put`: the same of two stubs.
template <typename Request, typename Response, typename Stub>
Operation Get(Stub& (Channel::*stub)(), std::string key) {
  return [stub, key = std::move(key)](Channel& channel, grpc::ClientContext& context, const Print& print) {
    Request request;
    request.set_key(key);
    Response response;
    const grpc::Status status = (channel.*stub)().Get(&context, request, &response);
    return PrintIf(status, print, response.value() + "\n");
  };
}

template <typename Request, typename Response, typename Stub>
Operation Put(Stub& (Channel::*stub)(), std::string key, std::string value) {
  return [stub, key = std::move(key), value = std::move(value)](Channel& channel, grpc::ClientContext& context,
                                                                const Print& print) {
    Request request;
    request.set_key(key);
    request.set_value(value);
    Response response;
    return PrintIf((channel.*stub)().Put(&context, request, &response), print, "OK\n");
  };
}

Operation Delete(std::string key) {
  return [key = std::move(key)](Channel& channel, grpc::ClientContext& context, const Print& print) {
    pb::DeleteRequest request;
    request.set_key(key);
    pb::Empty response;
    return PrintIf(channel.stock().Delete(&context, request, &response), print, "OK\n");
  };
}

Operation Monitor(std::string prefix, std::int64_t count) {
  if (prefix.ends_with('*')) prefix.pop_back();
  return [prefix = std::move(prefix), count](Channel& channel, grpc::ClientContext& context, const Print& print) {
    std::int64_t printed = 0;
    return Outcome{.status = channel.Monitor(context, prefix, [&](const pb::WatchEvent& event) {
      print(EventLine(event));
      return ++printed != count;
    })};
  };
}

std::vector<std::string> LinesOf(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    if (line.find_first_not_of(" \t\r\v\f") != std::string_view::npos) lines.emplace_back(line);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

Result<Operation> Batch(const std::vector<std::string>& arguments) {
  std::vector<pb::BatchItem> items;
  for (const std::string& argument : arguments) {
    auto parsed = options::ParseItem(argument);
    if (!parsed) return tl::unexpected(parsed.error());
    pb::BatchItem& item = items.emplace_back();
    item.set_key(std::move(parsed->key));
    item.set_value(std::move(parsed->value));
  }
  return [items = std::move(items)](Channel& channel, grpc::ClientContext& context, const Print& print) {
    pb::BatchSummary summary;
    const grpc::Status status = channel.Batch(context, items, summary);
    return PrintIf(status, print, SummaryLine(summary));
  };
}

pb::TradeOrder::OrderType KindOf(std::string_view kind) {
  if (kind == "buy") return pb::TradeOrder::BUY;
  return kind == "sell" ? pb::TradeOrder::SELL : pb::TradeOrder::QUERY;
}

Result<Operation> Trade(const std::vector<std::string>& arguments) {
  std::vector<pb::TradeOrder> orders;
  for (const std::string& argument : arguments) {
    auto parsed = options::ParseTradeArgument(argument);
    if (!parsed) return tl::unexpected(parsed.error());
    pb::TradeOrder& order = orders.emplace_back();
    order.set_type(KindOf(parsed->kind));
    order.set_symbol(std::move(parsed->symbol));
    order.set_quantity(parsed->quantity);
  }
  return [orders = std::move(orders)](Channel& channel, grpc::ClientContext& context, const Print& print) {
    return Outcome{.status = channel.Trade(context, orders, [&](const pb::TradeFill& fill) { print(FillLine(fill)); })};
  };
}

Outcome Inventory(Channel& channel, grpc::ClientContext& context, const Print& print) {
  pb::InventoryStatus inventory;
  const grpc::Status status = channel.stock().Inventory(&context, {}, &inventory);
  return PrintIf(status, print, InventoryLines(inventory));
}

Operation Health(std::string service) {
  return [service = std::move(service)](Channel& channel, grpc::ClientContext& context, const Print& print) {
    using Response = grpc::health::v1::HealthCheckResponse;
    grpc::health::v1::HealthCheckRequest request;
    request.set_service(service);
    Response response;
    const grpc::Status status = channel.health().Check(&context, request, &response);
    Outcome outcome = PrintIf(status, print, Response::ServingStatus_Name(response.status()) + "\n");
    outcome.serving = response.status() == Response::SERVING;
    return outcome;
  };
}

}  // namespace

bool ReadsInput(const options::Client& given) {
  if (given.operation == "batch") return given.arguments.empty();
  return (given.operation == "put" || given.operation == "kv-put") && given.arguments.back() == "-";
}

Result<Operation> Prepare(const options::Client& given, const std::string& input) {
  const std::vector<std::string>& arguments = given.arguments;
  const bool reads = ReadsInput(given);
  if (given.operation == "get") return Get<pb::GetRequest, pb::GetResponse>(&Channel::stock, arguments.front());
  if (given.operation == "kv-get") return Get<proto::GetRequest, proto::GetResponse>(&Channel::kv, arguments.front());
  if (given.operation == "put") {
    return Put<pb::PutRequest, pb::Empty>(&Channel::stock, arguments.front(), reads ? input : arguments.back());
  }
  if (given.operation == "kv-put") {
    return Put<proto::PutRequest, proto::Empty>(&Channel::kv, arguments.front(), reads ? input : arguments.back());
  }
  if (given.operation == "delete") return Delete(arguments.front());
  if (given.operation == "monitor") return Monitor(First(arguments), given.count);
  if (given.operation == "batch") return Batch(reads ? LinesOf(input) : arguments);
  if (given.operation == "trade") return Trade(arguments);
  if (given.operation == "inventory") return Operation(Inventory);
  return Health(First(arguments));
}

}  // namespace stock
