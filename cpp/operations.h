// The operations of stock_client.
#pragma once

#include <functional>
#include <string>

#include "cpp/calls.h"
#include "cpp/interrupt.h"
#include "cpp/options/client.h"
#include "cpp/result.h"

namespace stock {

// How an operation ended.
struct Outcome {
  grpc::Status status;
  bool serving = true;  // false: a health that is not SERVING, whose name has been printed
};

// Writes to standard output; an error is one line of reason.
using Print = std::function<void(const std::string& text)>;

// An operation with its arguments understood: all that is left is to call and to print.
using Operation = std::function<Outcome(Channel& channel, grpc::ClientContext& context, const Print& print)>;

// Understands the arguments of an operation, or tells what is wrong with the command line. `input` has those that
// standard input holds.
Result<Operation> Prepare(const options::Client& given, const std::string& input);

// Whether an operation reads standard input.
bool ReadsInput(const options::Client& given);

}  // namespace stock
