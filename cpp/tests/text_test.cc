#include "cpp/text.h"

#include <gtest/gtest.h>

namespace stock {
namespace {

TEST(TextTest, Utf8IsToldFromOtherBytes) {
  EXPECT_TRUE(IsUtf8(""));
  EXPECT_TRUE(IsUtf8("a\u00e9\u20ac\U0001F600"));
  EXPECT_FALSE(IsUtf8("\x80"));
  EXPECT_FALSE(IsUtf8("\xE2\x82"));
  EXPECT_FALSE(IsUtf8("\xE0\x80\x80")) << "an overlong form";
  EXPECT_FALSE(IsUtf8("\xF0\x8F\xBF\xBF")) << "an overlong form";
}

TEST(TextTest, OtherBytesAreReplaced) { EXPECT_EQ(ToValidUtf8("a\xff\u00e9\xE2\x82"), "a\uFFFD\u00e9\uFFFD\uFFFD"); }

TEST(TextTest, FieldsAreEscaped) {
  EXPECT_EQ(Escape("a\tb\nc\rd\\e\x01\x7F\xff\u00e9"), "a\\tb\\nc\\rd\\\\e\\x01\\x7F\\xFF\u00e9");
  EXPECT_EQ(Escape(std::string_view("\0", 1)), "\\x00");
}

TEST(TextTest, ALineIsOne) { EXPECT_EQ(OneLine("a\r\nb\\\t"), "a\\r\\nb\\\t"); }

}  // namespace
}  // namespace stock
