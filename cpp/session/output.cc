#include "cpp/session/output.h"

#include <chrono>
#include <utility>

#include "cpp/log.h"

namespace stock::session {
namespace {

constexpr std::chrono::seconds kCloseTimeout{1};

class SingleEvent final : public Source {
 public:
  explicit SingleEvent(pb::Event event) : event_(std::move(event)) {}

  std::vector<pb::Event> Take() override {
    std::vector<pb::Event> events;
    events.push_back(std::move(event_));
    return events;
  }

 private:
  pb::Event event_;
};

void Encode(const std::vector<std::shared_ptr<Source>>& sources, std::string& buffer) {
  for (const auto& source : sources) {
    for (const pb::Event& event : source->Take()) {
      if (const auto appended = AppendFrame(event, buffer); !appended) Log("error", "event lost: " + appended.error());
    }
  }
}

}  // namespace

struct Output::State {
  explicit State(int descriptor) : output(descriptor) {}

  const int output;
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::shared_ptr<Source>> queue;
  bool closed = false;
  bool ended = false;
};

Output::Output(int output) : state_(std::make_shared<State>(output)) {
  // Detached: a runner that does not read must not hold the program.
  std::thread(Run, state_).detach();
}

Output::~Output() {
  std::unique_lock lock(state_->mutex);
  state_->closed = true;
  state_->changed.notify_all();
  if (!state_->changed.wait_for(lock, kCloseTimeout, [this] { return state_->ended; })) {
    Log("error", "the runner does not read");
  }
}

void Output::Send(pb::Event event) { Push(std::make_shared<SingleEvent>(std::move(event))); }

void Output::Push(std::shared_ptr<Source> source) {
  const std::scoped_lock lock(state_->mutex);
  state_->queue.push_back(std::move(source));
  state_->changed.notify_all();
}

void Output::Run(const std::shared_ptr<State>& state) {
  std::string buffer;
  std::vector<std::shared_ptr<Source>> sources;
  bool going_on = true;
  while (going_on) {
    {
      std::unique_lock lock(state->mutex);
      state->changed.wait(lock, [&] { return state->closed || !state->queue.empty(); });
      sources = std::exchange(state->queue, {});
      going_on = !state->closed;
    }
    buffer.clear();
    Encode(sources, buffer);
    sources.clear();
    if (const auto written = WriteAll(state->output, buffer); !written) {
      Log("error", written.error());
      going_on = false;  // the end of standard input ends the session
    }
  }
  const std::scoped_lock lock(state->mutex);
  state->ended = true;
  state->changed.notify_all();
}

}  // namespace stock::session
