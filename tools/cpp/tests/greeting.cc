#include "tools/cpp/tests/greeting.h"

#include "proto/stock.pb.h"

std::string Greeting(const std::string& key) {
  tofusoup::stock::GetRequest request;
  request.set_key(key);
  return "a test asks for " + request.ShortDebugString();
}
