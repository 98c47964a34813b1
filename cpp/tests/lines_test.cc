#include "cpp/lines.h"

#include <gtest/gtest.h>

namespace stock {
namespace {

namespace pb = tofusoup::stock;

TEST(LinesTest, EventsAreLines) {
  pb::WatchEvent event;
  event.set_key("a\tb");
  event.set_value("\xff\n");
  event.set_timestamp(12);
  EXPECT_EQ(EventLine(event), "12\tPUT\ta\\tb\t\\xFF\\n\n");
  event.set_type(pb::WatchEvent::DELETE);
  EXPECT_EQ(EventLine(event), "12\tDELETE\ta\\tb\n");
}

TEST(LinesTest, FillsAreLines) {
  pb::TradeFill fill;
  fill.set_symbol("a");
  fill.set_message("no\nluck");
  EXPECT_EQ(FillLine(fill), "rejected\ta\t0\tno\\nluck\n");
  fill.set_success(true);
  fill.set_quantity_filled(3);
  EXPECT_EQ(FillLine(fill), "ok\ta\t3\tno\\nluck\n");
}

TEST(LinesTest, InventoryIsSorted) {
  pb::InventoryStatus status;
  status.set_total_items(1);
  status.set_total_bytes(2);
  status.set_uptime_seconds(3);
  status.set_server_version("4");
  (*status.mutable_metadata())["b"] = "x\ny";
  (*status.mutable_metadata())["a"] = "z";
  EXPECT_EQ(InventoryLines(status),
            "items=1\nbytes=2\nuptime_seconds=3\nserver_version=4\nmetadata.a=z\nmetadata.b=x\\ny\n");
}

TEST(LinesTest, CodesHaveTheNamesOfTheSpecification) {
  EXPECT_EQ(CodeName(1), "CANCELLED");
  EXPECT_EQ(CodeName(5), "NOT_FOUND");
  EXPECT_EQ(CodeName(16), "UNAUTHENTICATED");
  EXPECT_EQ(CodeName(17), "CODE_17");
}

}  // namespace
}  // namespace stock
