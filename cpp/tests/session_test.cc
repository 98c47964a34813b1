#include "cpp/session/session.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <future>

namespace stock::session {
namespace {

constexpr std::chrono::seconds kPatience{10};

// Pipes to a session of one role in a thread of its own.
class Session {
 public:
  explicit Session(pb::Role role) {
    EXPECT_EQ(pipe2(commands_.data(), O_CLOEXEC) + pipe2(events_.data(), O_CLOEXEC), 0);
    ended_ = std::async(std::launch::async, [this, role] {
      return role == pb::ROLE_SERVER ? Serve(commands_[0], events_[1], interrupt_, kPatience)
                                     : Call(commands_[0], events_[1], interrupt_);
    });
    hello_ = Next();
  }

  ~Session() {
    CloseInput();
    if (ended_.valid()) ended_.wait();
    for (const int end : {commands_[0], events_[0], events_[1]}) close(end);
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  Session(Session&&) = delete;
  Session& operator=(Session&&) = delete;

  void Write(const std::string& bytes) const {
    EXPECT_EQ(write(commands_[1], bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  }

  void Send(const pb::Command& command) const {
    const std::string body = command.SerializeAsString();
    const auto size = static_cast<std::uint32_t>(body.size());
    Write({static_cast<char>(size >> 24U), static_cast<char>(size >> 16U), static_cast<char>(size >> 8U),
           static_cast<char>(size)});
    Write(body);
  }

  pb::Event Next() {
    const std::string head = Read(4);
    std::uint32_t size = 0;
    for (const char byte : head) size = size << 8U | static_cast<std::uint8_t>(byte);
    pb::Event event;
    EXPECT_TRUE(event.ParseFromString(Read(size)));
    return event;
  }

  // Sends a command that cannot be obeyed, and expects a part of the reason.
  void ExpectFailure(pb::Command command, const std::string& reason) {
    command.set_id(++id_);
    Send(command);
    const pb::Event event = Next();
    EXPECT_EQ(event.failure().id(), id_) << event.ShortDebugString();
    EXPECT_NE(event.failure().reason().find(reason), std::string::npos) << event.failure().reason();
  }

  void CloseInput() {
    if (commands_[1] >= 0) close(commands_[1]);
    commands_[1] = -1;
  }

  void Stop() const { interrupt_.Set(); }

  Result<void> End() { return ended_.get(); }

  const pb::Hello& hello() const { return hello_.hello(); }

 private:
  std::string Read(std::size_t size) const {
    std::string bytes(size, '\0');
    for (std::size_t done = 0; done < size;) {
      pollfd wait{.fd = events_[0], .events = POLLIN, .revents = 0};
      if (poll(&wait, 1, static_cast<int>(std::chrono::milliseconds(kPatience).count())) <= 0) {
        ADD_FAILURE() << "no event in time";
        return "";
      }
      const ssize_t count = read(events_[0], &bytes[done], size - done);
      if (count <= 0) return "";
      done += static_cast<std::size_t>(count);
    }
    return bytes;
  }

  std::array<int, 2> commands_{};
  std::array<int, 2> events_{};
  const Interrupt interrupt_;
  std::future<Result<void>> ended_;
  pb::Event hello_;
  std::uint32_t id_ = 0;
};

pb::Command Listen(std::uint32_t listener) {
  pb::Command command;
  command.mutable_listen()->set_listener(listener);
  command.mutable_listen()->set_host("127.0.0.1");
  command.mutable_listen()->set_security(pb::SECURITY_PLAINTEXT);
  return command;
}

pb::Command OpenChannel(std::uint32_t channel, std::uint32_t port) {
  pb::Command command;
  command.mutable_open_channel()->set_channel(channel);
  command.mutable_open_channel()->set_host("127.0.0.1");
  command.mutable_open_channel()->set_port(port);
  command.mutable_open_channel()->set_security(pb::SECURITY_PLAINTEXT);
  return command;
}

pb::Command Start(std::uint32_t call, pb::Rpc rpc) {
  pb::Command command;
  command.mutable_start()->set_call(call);
  command.mutable_start()->set_channel(1);
  command.mutable_start()->set_rpc(rpc);
  return command;
}

// A session of each role, with a channel 1 between them.
class SessionTest : public ::testing::Test {
 protected:
  SessionTest() {
    server_.Send(Listen(1));
    client_.Send(OpenChannel(1, server_.Next().listening().port()));
  }

  // The events of one call until its status.
  pb::Events Collect(std::uint32_t call) {
    pb::Events all;
    while (!all.has_status()) {
      const pb::Event event = client_.Next();
      EXPECT_EQ(event.events().call(), call) << event.ShortDebugString();
      if (event.events().call() != call) break;
      all.MergeFrom(event.events());
    }
    return all;
  }

  Session server_{pb::ROLE_SERVER};
  Session client_{pb::ROLE_CLIENT};
};

TEST_F(SessionTest, SaysHello) {
  EXPECT_EQ(server_.hello().role(), pb::ROLE_SERVER);
  EXPECT_EQ(client_.hello().role(), pb::ROLE_CLIENT);
  EXPECT_EQ(client_.hello().protocol(), 1U);
  EXPECT_EQ(client_.hello().language(), "cpp");
  const auto& abilities = client_.hello().supports();
  EXPECT_NE(std::find(abilities.begin(), abilities.end(), "key_type:p521"), abilities.end());
}

TEST_F(SessionTest, AUnaryCallIsOneFrame) {
  pb::Command put = Start(1, pb::RPC_PUT);
  put.mutable_start()->add_requests()->mutable_put()->set_key("k");
  client_.Send(put);
  const pb::Event event = client_.Next();
  EXPECT_TRUE(event.events().has_headers());
  EXPECT_EQ(event.events().responses_size(), 1);
  EXPECT_EQ(event.events().status().code(), 0U);
  EXPECT_GT(event.events().at_ns(), 0);
}

TEST_F(SessionTest, CreditIsWhatIsRead) {
  pb::Command trade = Start(1, pb::RPC_TRADE);
  trade.mutable_start()->set_credit(1);
  for (int i = 0; i < 3; ++i) trade.mutable_start()->add_requests()->mutable_trade()->set_symbol("s");
  client_.Send(trade);
  pb::Events seen;
  while (seen.responses_size() < 1) seen.MergeFrom(client_.Next().events());
  EXPECT_EQ(seen.responses_size(), 1);
  pb::Command receive;
  receive.mutable_receive()->set_call(1);
  client_.Send(receive);
  pb::Command half_close;
  half_close.mutable_half_close()->set_call(1);
  client_.Send(half_close);
  const pb::Events rest = Collect(1);
  EXPECT_EQ(rest.responses_size(), 2);
  EXPECT_EQ(rest.status().code(), 0U);
  // The call has ended: the runner could not know yet.
  client_.Send(half_close);
  pb::Command absent = Start(2, pb::RPC_ABSENT_GET);
  absent.mutable_start()->add_requests()->mutable_get();
  client_.Send(absent);
  EXPECT_EQ(Collect(2).status().code(), 12U);
}

TEST_F(SessionTest, WhatWasNotSentIsCounted) {
  pb::Command batch = Start(1, pb::RPC_BATCH);
  pb::Directive directive;
  directive.set_delay_ms(60'000);
  auto& header = *batch.mutable_start()->mutable_metadata()->add_entries();
  header.set_name("stock-directive-bin");
  header.set_value(directive.SerializeAsString());
  // More than flow control lets through to who reads nothing.
  for (int i = 0; i < 30; ++i) {
    batch.mutable_start()->add_requests()->mutable_batch()->set_value(std::string(100'000, 'v'));
  }
  client_.Send(batch);
  pb::Command cancel;
  cancel.mutable_cancel()->set_call(1);
  client_.Send(cancel);
  const pb::Events events = Collect(1);
  EXPECT_EQ(events.status().code(), 1U);
  EXPECT_GT(events.status().unsent(), 0U);
}

TEST_F(SessionTest, ClosingAChannelCancelsItsCalls) {
  pb::Command monitor = Start(1, pb::RPC_MONITOR);
  monitor.mutable_start()->add_requests()->mutable_monitor();
  client_.Send(monitor);
  pb::Command close;
  close.mutable_close_channel()->set_channel(1);
  client_.Send(close);
  EXPECT_EQ(Collect(1).status().code(), 1U);
  client_.ExpectFailure(close, "channel: 1 given, which is not open");
  client_.ExpectFailure(Start(2, pb::RPC_GET), "channel: 1 given, which is not open");
}

TEST_F(SessionTest, ADeadlineEndsACall) {
  pb::Command monitor = Start(1, pb::RPC_MONITOR);
  monitor.mutable_start()->add_requests()->mutable_monitor();
  monitor.mutable_start()->set_timeout_ns(20'000'000);
  client_.Send(monitor);
  const pb::Events events = Collect(1);
  EXPECT_TRUE(events.status().code() == 4U || events.status().code() == 1U) << events.ShortDebugString();
  EXPECT_GE(events.at_ns(), 19'000'000);
}

TEST_F(SessionTest, WhatAClientCannotObeyIsAFailure) {
  client_.ExpectFailure({}, "one for a client expected");
  client_.ExpectFailure(Listen(2), "one for a client expected");
  client_.ExpectFailure(OpenChannel(1, 1), "channel: 1 given");
  client_.ExpectFailure(OpenChannel(2, 0), "port: 0 given");
  client_.ExpectFailure(Start(1, pb::RPC_UNSPECIFIED), "rpc: 0 given");
  client_.ExpectFailure(Start(1, pb::RPC_GET), "requests: 0 given");
  pb::Command wrong = Start(1, pb::RPC_GET);
  wrong.mutable_start()->add_requests()->mutable_put();
  client_.ExpectFailure(wrong, "requests: one is not of the rpc's type");
  pb::Command illegal = Start(1, pb::RPC_TRADE);
  illegal.mutable_start()->mutable_metadata()->add_entries()->set_name("Upper");
  client_.ExpectFailure(illegal, "metadata");
  pb::Command cancel;
  cancel.mutable_cancel()->set_call(7);
  client_.ExpectFailure(cancel, "call: 7 given, which never was one");
}

TEST_F(SessionTest, WhatAServerCannotObeyIsAFailure) {
  server_.ExpectFailure(OpenChannel(1, 1), "listen, stop or forget expected");
  server_.ExpectFailure(Listen(1), "listener: 1 given");
  pb::Command listen = Listen(2);
  listen.mutable_listen()->set_host("localhost");
  server_.ExpectFailure(listen, "a literal address expected");
  listen.mutable_listen()->set_host("192.0.2.1");
  server_.ExpectFailure(listen, "plaintext is for loopback");
  listen.mutable_listen()->set_host("127.0.0.1");
  listen.mutable_listen()->set_security(pb::SECURITY_TLS);
  server_.ExpectFailure(listen, "not a PEM PKCS#8 private key");
  pb::Command stop;
  stop.mutable_stop()->set_listener(2);
  server_.ExpectFailure(stop, "listener: 2 given, which is not open");
}

TEST_F(SessionTest, AListenerIsStopped) {
  pb::Command stop;
  stop.mutable_stop()->set_listener(1);
  server_.Send(stop);
  EXPECT_EQ(server_.Next().stopped().listener(), 1U);
}

TEST_F(SessionTest, EndsWithItsInputOrAnInterruption) {
  client_.CloseInput();
  EXPECT_TRUE(client_.End());
  server_.Stop();
  EXPECT_TRUE(server_.End());
}

TEST_F(SessionTest, WhatIsNoFrameEndsIt) {
  client_.Write("\x7f\xff\xff\xff");
  EXPECT_EQ(client_.End().error(), "a frame of 2147483647 bytes; at most 16777216");
  server_.Write(std::string("\0\0\0\1\xff", 5));
  EXPECT_EQ(server_.End().error(), "a frame does not decode as a Command");
}

}  // namespace
}  // namespace stock::session
