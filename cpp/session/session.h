// A session: a runner drives one of the two programs by frames on its standard streams.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cpp/session/output.h"

namespace stock::session {

// Runs the listeners that a runner asks for, until the input ends or the interruption; then drains them all within
// `grace`. An error tells that the input is no stream of frames.
Result<void> Serve(int input, int output, const Interrupt& interrupt, std::chrono::nanoseconds grace);

// Runs the calls that a runner asks for, until the input ends or the interruption; then cancels them all. An error
// tells that the input is no stream of frames.
Result<void> Call(int input, int output, const Interrupt& interrupt);

// For the roles: the first event.
pb::Event Hello(pb::Role role, const std::vector<std::string_view>& abilities);

// For the roles: obeys commands to the end of the input; one that fails is answered by a Failure.
Result<void> ObeyAll(FrameReader& reader, Output& output, const std::function<Result<void>(const pb::Command&)>& obey);

}  // namespace stock::session
