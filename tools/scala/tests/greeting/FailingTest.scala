package greeting

/** Run by the test of the rules alone. */
class FailingTest extends munit.FunSuite:
  test("one and one are two"):
    assertEquals(1 + 1, 2)

  test("one is two"):
    assertEquals(1, 2)
