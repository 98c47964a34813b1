package greeting

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** A program, and the test of the linter. */
class HelloTest {
    @Test
    fun theProgramGreets() {
        assertEquals(0 to "tofusoup.stock.Stock: hello, you é\n", run("PROGRAM", "you", "é"))
    }

    @Test
    fun aFindingIsShown() {
        val (code, said) = run("LINTED")
        assertEquals(1, code)
        assertTrue("EmptyCatchBlock" in said, said)
    }

    private fun run(
        variable: String,
        vararg words: String,
    ): Pair<Int, String> {
        val builder = ProcessBuilder(System.getenv(variable), *words)
        builder.environment().remove("HOME")
        builder.environment().remove("XDG_CACHE_HOME")
        val process = builder.start()
        val said = process.inputStream.readAllBytes().decodeToString()
        return process.waitFor() to said
    }
}
