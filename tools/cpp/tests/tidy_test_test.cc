// The linter's test shows what it finds, and is red then.
#include <gtest/gtest.h>

#include "tools/cpp/tests/run.h"

TEST(TidyTestTest, FindingsAreShown) {
  const Output output = RunProgram("LINTED");
  EXPECT_NE(output.status, 0);
  EXPECT_NE(output.text.find("bugprone-use-after-move"), std::string::npos) << output.text;
}
