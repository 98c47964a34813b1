// Prints a greeting.
#include <iostream>

#include "tools/cpp/tests/greeting.h"

int main() { std::cout << Greeting("k") << std::endl; }
