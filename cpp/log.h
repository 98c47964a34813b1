// The log: lines on standard error.
#pragma once

#include <string_view>

namespace stock {

// Writes one line, whatever `text` holds. Safe for threads.
void Log(std::string_view level, std::string_view text);

// Keeps gRPC from logging, unless the environment asks for it. Before anything of gRPC's is made.
void QuietenLibrary();

// Sends what gRPC and protobuf have to say to the log.
void TakeOverLibraryLogs();

}  // namespace stock
