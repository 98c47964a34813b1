// The lines that stock_client prints.
#pragma once

#include <string>

#include "proto/stock.pb.h"

namespace stock {

// `TIMESTAMP PUT KEY VALUE` or `TIMESTAMP DELETE KEY`, by tabs.
std::string EventLine(const tofusoup::stock::WatchEvent& event);

// `ok SYMBOL N MESSAGE` or `rejected SYMBOL 0 MESSAGE`, by tabs.
std::string FillLine(const tofusoup::stock::TradeFill& fill);

// `items=`, `bytes=`, `uptime_seconds=`, `server_version=`, then `metadata.KEY=VALUE` sorted, a line each.
std::string InventoryLines(const tofusoup::stock::InventoryStatus& status);

// `total=3 successful=3 failed=0 bytes=12`.
std::string SummaryLine(const tofusoup::stock::BatchSummary& summary);

// The name of a status code as the specification writes it: `NOT_FOUND`.
std::string CodeName(int code);

}  // namespace stock
