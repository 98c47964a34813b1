// The four shapes of a call: how messages and a handler's answers follow each other.
#pragma once

#include <variant>

#include "cpp/reactor.h"

namespace stock {

// Unary: one request, one response.
template <typename Request, typename Response>
class UnaryReaction final : public Reaction<grpc::ServerUnaryReactor> {
 public:
  using Handler = std::function<grpc::Status(Store&, const Request&, Response&)>;

  UnaryReaction(Conduct& conduct, grpc::CallbackServerContext& context, const grpc::ByteBuffer& request,
                grpc::ByteBuffer& response, Handler handler)
      : Reaction(conduct, context), request_(request), response_(response), handler_(std::move(handler)) {}

 private:
  void Handle() override {
    Request request;
    if (!Decode(request_, request)) return End(Undecodable());
    read_ = 1;
    Response response;
    const grpc::Status status = handler_(*store(), request, response);
    if (status.ok()) {
      Encode(response, response_);
      sent_ = 1;
    }
    End(status);
  }

  [[nodiscard]] bool Streams() const override { return false; }

  const grpc::ByteBuffer& request_;  // gRPC's, to the end of the call
  grpc::ByteBuffer& response_;
  const Handler handler_;
};

// Client stream: the requests are taken as they come, the response is asked for at their end.
template <typename Request, typename Response>
class CollectReaction final : public Reaction<grpc::ServerReadReactor<grpc::ByteBuffer>> {
 public:
  using Taker = std::function<void(Store&, const Request&, Response&)>;

  CollectReaction(Conduct& conduct, grpc::CallbackServerContext& context, grpc::ByteBuffer& response, Taker taker)
      : Reaction(conduct, context), bytes_(response), taker_(std::move(taker)) {}

  void OnReadDone(bool ok) override {
    Guarded([this, ok] { ok ? Take() : Answer(); });
  }

 private:
  void Handle() override {
    store_ = store();
    Next();
  }

  void Next() {
    if (auto failed = directed().FailAfter(read_)) return End(*failed);
    buffer_.Clear();  // as Encode
    Unended([this] { this->StartRead(&buffer_); });
  }

  void Take() {
    Request request;
    if (!Decode(buffer_, request)) return End(Undecodable());
    ++read_;
    taker_(*store_, request, response_);
    Next();
  }

  void Answer() {
    if (context().IsCancelled()) return End(Cancelled());
    Encode(response_, bytes_);
    sent_ = 1;
    End(grpc::Status::OK);
  }

  grpc::ByteBuffer& bytes_;  // gRPC's, to the end of the call
  const Taker taker_;
  std::shared_ptr<Store> store_;
  grpc::ByteBuffer buffer_;
  Response response_;
};

// Where the responses of a server stream come from. Safe for threads.
template <typename Response>
class Feed {
 public:
  using Next = std::variant<Response, grpc::Status>;

  Feed() = default;
  virtual ~Feed() = default;
  Feed(const Feed&) = delete;
  Feed& operator=(const Feed&) = delete;
  Feed(Feed&&) = delete;
  Feed& operator=(Feed&&) = delete;

  // Gives the next response, at once or when there is one, or the status that ends the stream. Called again only
  // when that has been given. The receiver is called without a lock.
  virtual void Pull(std::function<void(const Next&)> receiver) = 0;

  // Ends the stream with a status as soon as what the peer must know has been given. The first one counts.
  virtual void Close(const grpc::Status& status) = 0;
};

// Server stream: what a feed gives, one response after the other, until the peer goes or the server drains.
template <typename Request, typename Response>
class FeedReaction final : public Reaction<grpc::ServerWriteReactor<grpc::ByteBuffer>> {
 public:
  // Opens the feed, or tells why not.
  using Opener = std::function<std::variant<std::unique_ptr<Feed<Response>>, grpc::Status>(Store&, const Request&)>;

  FeedReaction(Conduct& conduct, grpc::CallbackServerContext& context, const grpc::ByteBuffer& request, Opener opener)
      : Reaction(conduct, context), request_(request), opener_(std::move(opener)) {}

  void OnCancel() override {
    Reaction::OnCancel();
    Close(Cancelled());
  }

  void OnDone() override {
    // Whoever closed the feed may still hold the lock.
    { const std::scoped_lock lock(feed_mutex_); }
    Reaction::OnDone();
  }

  void OnWriteDone(bool ok) override {
    if (!ok) return End(Cancelled());
    ++sent_;
    if (auto failed = directed().FailAfter(sent_)) return End(*failed);
    Next();
  }

 private:
  void Handle() override {
    Request request;
    if (!Decode(request_, request)) return End(Undecodable());
    read_ = 1;
    auto opened = opener_(*store(), request);
    if (const auto* refused = std::get_if<grpc::Status>(&opened)) return End(*refused);
    Adopt(std::get<std::unique_ptr<Feed<Response>>>(std::move(opened)));
    if (headers_sent_) return Next();
    // Only now: whoever has seen the initial metadata misses nothing.
    Unended([this] { this->StartSendInitialMetadata(); });
  }

  void HeadersSent() override { Next(); }

  void OnDrain() override { Close(Draining()); }

  void Adopt(std::unique_ptr<Feed<Response>> feed) {
    const std::scoped_lock lock(feed_mutex_);
    feed_ = std::move(feed);
    if (closed_) feed_->Close(*closed_);
  }

  void Close(const grpc::Status& status) {
    const std::scoped_lock lock(feed_mutex_);
    if (!closed_) closed_ = status;
    if (feed_) feed_->Close(status);
  }

  void Next() {
    feed_->Pull([this](const typename Feed<Response>::Next& next) {
      if (const auto* status = std::get_if<grpc::Status>(&next)) return End(*status);
      Guarded([&] {
        Encode(std::get<Response>(next), buffer_);
        Unended([this] { this->StartWrite(&buffer_); });
      });
    });
  }

  const grpc::ByteBuffer& request_;  // gRPC's, to the end of the call
  const Opener opener_;
  grpc::ByteBuffer buffer_;

  std::mutex feed_mutex_;
  std::unique_ptr<Feed<Response>> feed_;
  std::optional<grpc::Status> closed_;
};

// Bidirectional stream: each request is answered by one response, as soon as it is read.
template <typename Request, typename Response>
class AnswerReaction final : public Reaction<grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>> {
 public:
  using Answerer = std::function<Response(Store&, const Request&)>;

  // `drains` is whether the stream ends when the server drains.
  AnswerReaction(Conduct& conduct, grpc::CallbackServerContext& context, bool drains, Answerer answerer)
      : Reaction(conduct, context), drains_(drains), answerer_(std::move(answerer)) {}

  void OnReadDone(bool ok) override {
    if (!ok) return End(context().IsCancelled() ? Cancelled() : grpc::Status::OK);
    Guarded([this] {
      Request request;
      if (!Decode(incoming_, request)) return End(Undecodable());
      ++read_;
      Encode(answerer_(*store_, request), outgoing_);
      Unended([this] { this->StartWrite(&outgoing_); });
    });
  }

  void OnWriteDone(bool ok) override {
    if (!ok) return End(Cancelled());
    ++sent_;
    if (auto failed = directed().FailAfter(sent_)) return End(*failed);
    Read();
  }

 private:
  void Handle() override {
    store_ = store();
    Read();
  }

  void OnDrain() override {
    if (drains_) End(Draining());
  }

  void Read() {
    incoming_.Clear();  // as Encode
    Unended([this] { this->StartRead(&incoming_); });
  }

  const bool drains_;
  const Answerer answerer_;
  std::shared_ptr<Store> store_;
  grpc::ByteBuffer incoming_;
  grpc::ByteBuffer outgoing_;
};

}  // namespace stock
