#include "cpp/directive.h"

#include <gtest/gtest.h>

#include "cpp/metadata.h"
#include "cpp/tests/peers.h"

namespace stock {
namespace {

namespace pb = tofusoup::stock;
namespace session = tofusoup::stock::session;
using testing::ExpectStatus;
using testing::WithDirective;

void AddHeader(session::Metadata& metadata, const std::string& name, const std::string& value) {
  session::Header& entry = *metadata.add_entries();
  entry.set_name(name);
  entry.set_value(value);
}

class DirectiveTest : public ::testing::Test {
 protected:
  grpc::Status Put(grpc::ClientContext& context, const std::string& key) {
    pb::PutRequest request;
    request.set_key(key);
    pb::Empty response;
    return peers_.channel().stock().Put(&context, request, &response);
  }

  std::int64_t Items(const std::string& store) {
    session::Directive directive;
    directive.set_store(store);
    pb::InventoryStatus status;
    EXPECT_TRUE(peers_.channel().stock().Inventory(WithDirective(directive).get(), {}, &status).ok());
    return status.total_items();
  }

  testing::Peers peers_;
};

TEST_F(DirectiveTest, AStoreIsAWorldOfItsOwn) {
  session::Directive directive;
  directive.set_store("one");
  EXPECT_TRUE(Put(*WithDirective(directive), "k").ok());
  EXPECT_EQ(Items("one"), 1);
  EXPECT_EQ(Items("two"), 0);
  EXPECT_EQ(Items(""), 0);
}

TEST_F(DirectiveTest, MetadataIsSentInOrder) {
  session::Directive directive;
  AddHeader(*directive.mutable_headers(), "a", "1");
  AddHeader(*directive.mutable_headers(), "a", "2");
  AddHeader(*directive.mutable_trailers(), "b-bin", std::string("\0\xff", 2));
  const auto context = WithDirective(directive);
  ASSERT_TRUE(Put(*context, "k").ok());
  const session::Metadata headers = FromGrpc(context->GetServerInitialMetadata());
  ASSERT_EQ(headers.entries_size(), 2);
  EXPECT_EQ(headers.entries(0).value() + headers.entries(1).value(), "12");
  EXPECT_EQ(FirstValue(context->GetServerTrailingMetadata(), "b-bin"), std::string("\0\xff", 2));
}

TEST_F(DirectiveTest, AFailIsInsteadOfTheHandler) {
  session::Directive directive;
  directive.mutable_fail()->set_code(grpc::DATA_LOSS);
  directive.mutable_fail()->set_message("lost \u00e9");
  directive.mutable_fail()->set_details("details");
  directive.mutable_fail()->set_after(3);  // means nothing for a unary call
  const grpc::Status status = Put(*WithDirective(directive), "k");
  ExpectStatus(status, grpc::DATA_LOSS, "lost \u00e9");
  EXPECT_EQ(status.error_details(), "details");
  EXPECT_EQ(Items(""), 0);
}

TEST_F(DirectiveTest, AStreamFailsAfterItsMessages) {
  session::Directive directive;
  directive.set_tag("batch");
  directive.mutable_fail()->set_code(grpc::ABORTED);
  directive.mutable_fail()->set_after(2);
  const auto context = WithDirective(directive);
  pb::BatchSummary summary;
  const auto batch = peers_.channel().stock().Batch(context.get(), &summary);
  pb::BatchItem item;
  for (const char* key : {"a", "b"}) {
    item.set_key(key);
    ASSERT_TRUE(batch->Write(item));
  }
  // Before the requests end.
  ExpectStatus(batch->Finish(), grpc::ABORTED, "");
  EXPECT_EQ(Items(""), 2);
  EXPECT_EQ(peers_.AwaitObservation("batch").messages_read(), 2U);
}

TEST_F(DirectiveTest, AFaultOfTheHandlerIsInternalAndTellsNothing) {
  session::Directive directive;
  directive.set_throw_(true);
  ExpectStatus(Put(*WithDirective(directive), "k"), grpc::INTERNAL, "the handler failed");
  EXPECT_TRUE(Put(*testing::Deadline(), "k").ok());
}

TEST_F(DirectiveTest, ABadDirectiveIsAnInvalidArgument) {
  const auto context = testing::Deadline();
  context->AddMetadata("stock-directive-bin", "\xff");
  ExpectStatus(Put(*context, "k"), grpc::INVALID_ARGUMENT, "bad directive");
  session::Directive directive;
  directive.mutable_fail()->set_code(17);
  ExpectStatus(Put(*WithDirective(directive), "k"), grpc::INVALID_ARGUMENT, "bad directive");
  directive.Clear();
  AddHeader(*directive.mutable_headers(), "Upper", "x");
  EXPECT_EQ(Put(*WithDirective(directive), "k").error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_EQ(Items(""), 0);
}

TEST_F(DirectiveTest, ADelayEndsWithTheCall) {
  session::Directive directive;
  directive.set_delay_ms(60'000);
  directive.set_tag("late");
  const auto context = WithDirective(directive);
  context->set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(100));
  EXPECT_EQ(Put(*context, "k").error_code(), grpc::DEADLINE_EXCEEDED);
  const session::Observation seen = peers_.AwaitObservation("late");
  EXPECT_TRUE(seen.cancelled());
  EXPECT_GT(seen.deadline_ns(), 0);
  EXPECT_EQ(Items(""), 0);
}

TEST_F(DirectiveTest, HeadersMayComeBeforeTheDelay) {
  session::Directive directive;
  directive.set_headers_first(true);
  directive.set_delay_ms(60'000);
  AddHeader(*directive.mutable_headers(), "a", "1");
  const auto context = WithDirective(directive);
  const auto trade = peers_.channel().stock().Trade(context.get());
  trade->WaitForInitialMetadata();
  EXPECT_EQ(FirstValue(context->GetServerInitialMetadata(), "a"), "1");
  context->TryCancel();
  EXPECT_EQ(trade->Finish().error_code(), grpc::CANCELLED);
}

TEST_F(DirectiveTest, AnObservationTellsOfTheRequest) {
  session::Directive directive;
  directive.set_tag("put");
  const auto context = WithDirective(directive);
  context->AddMetadata("name", "value");
  ASSERT_TRUE(Put(*context, "k").ok());
  const session::Observation seen = peers_.AwaitObservation("put");
  EXPECT_FALSE(seen.cancelled());
  EXPECT_EQ(seen.messages_read(), 1U);
  EXPECT_EQ(seen.messages_sent(), 1U);
  const auto& entries = seen.metadata().entries();
  EXPECT_TRUE(std::any_of(entries.begin(), entries.end(),
                          [](const auto& entry) { return entry.name() == "name" && entry.value() == "value"; }));
}

}  // namespace
}  // namespace stock
