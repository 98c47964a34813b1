// How the two programs print and fail.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace stock {

// Tells a reason on standard error; returns `code`.
int Fail(int code, std::string_view reason);

// Prints a text on standard output; returns the exit code.
int Show(std::string_view text);

// Runs a program over its command line; a fault of ours is one line and exit code 4.
int RunProgram(int count, char** words, const std::function<int(const std::vector<std::string>&)>& run);

}  // namespace stock
