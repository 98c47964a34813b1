// What a session tells its runner.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "cpp/session/frames.h"

namespace stock::session {

// Has events to write; it is asked once for each time it was queued.
class Source {
 public:
  Source() = default;
  virtual ~Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  Source(Source&&) = delete;
  Source& operator=(Source&&) = delete;

  virtual std::vector<pb::Event> Take() = 0;
};

// Writes events in a thread of its own, so that nobody waits for the runner. What is ready together leaves in one
// write. Its memory is bounded only by a runner that reads. Safe for threads.
class Output {
 public:
  explicit Output(int output);

  // Writes what is queued, for at most a second; what comes later is lost.
  ~Output();
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;
  Output(Output&&) = delete;
  Output& operator=(Output&&) = delete;

  void Send(pb::Event event);
  void Push(std::shared_ptr<Source> source);

 private:
  struct State;
  static void Run(const std::shared_ptr<State>& state);

  const std::shared_ptr<State> state_;  // the thread's too, which may be left behind
};

}  // namespace stock::session
