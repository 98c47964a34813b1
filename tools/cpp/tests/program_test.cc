// The program does what its library says.
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include "tools/cpp/tests/greeting.h"
#include "tools/cpp/tests/run.h"

TEST(ProgramTest, Greets) {
  EXPECT_EQ(Greeting("k"), "a test asks for key: \"k\"");
  const Output output = RunProgram("PROGRAM");
  EXPECT_EQ(output.text, Greeting("k") + "\n");
  EXPECT_EQ(output.status, 0);
}

TEST(ProgramTest, ATestCanFail) { EXPECT_NONFATAL_FAILURE(EXPECT_EQ(Greeting("k"), "another"), "another"); }
