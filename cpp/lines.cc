#include "cpp/lines.h"

#include <fmt/format.h>

#include <array>
#include <map>
#include <string_view>

#include "cpp/text.h"

namespace stock {
namespace {

namespace pb = tofusoup::stock;

constexpr std::array<std::string_view, 17> kCodes{
    "OK",        "CANCELLED",       "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS",  "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",    "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED",
};

}  // namespace

std::string EventLine(const pb::WatchEvent& event) {
  if (event.type() == pb::WatchEvent::DELETE) {
    return fmt::format("{}\tDELETE\t{}\n", event.timestamp(), Escape(event.key()));
  }
  return fmt::format("{}\tPUT\t{}\t{}\n", event.timestamp(), Escape(event.key()), Escape(event.value()));
}

std::string FillLine(const pb::TradeFill& fill) {
  return fmt::format("{}\t{}\t{}\t{}\n", fill.success() ? "ok" : "rejected", Escape(fill.symbol()),
                     fill.quantity_filled(), OneLine(fill.message()));
}

std::string InventoryLines(const pb::InventoryStatus& status) {
  std::string lines = fmt::format("items={}\nbytes={}\nuptime_seconds={}\nserver_version={}\n", status.total_items(),
                                  status.total_bytes(), status.uptime_seconds(), OneLine(status.server_version()));
  const std::map<std::string, std::string> sorted(status.metadata().begin(), status.metadata().end());
  for (const auto& [key, value] : sorted) lines += fmt::format("metadata.{}={}\n", OneLine(key), OneLine(value));
  return lines;
}

std::string SummaryLine(const pb::BatchSummary& summary) {
  return fmt::format("total={} successful={} failed={} bytes={}\n", summary.total_items(), summary.successful(),
                     summary.failed(), summary.bytes_written());
}

std::string CodeName(int code) {
  const auto index = static_cast<std::size_t>(code);
  return index < kCodes.size() ? std::string(kCodes.at(index)) : fmt::format("CODE_{}", code);
}

}  // namespace stock
