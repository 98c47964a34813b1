package outcomes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

/** Tests of every outcome, for the test of what runs them. */
final class FailingTest {
  @Test
  void passes() {}

  @Test
  void fails() {
    assertEquals("<expected>", "actual");
  }

  @Test
  @Disabled("for a reason")
  void isSkipped() {}
}
