// A library of one function, over a generated one.
#pragma once

#include <string>

// What a request for that key asks for.
std::string Greeting(const std::string& key);
