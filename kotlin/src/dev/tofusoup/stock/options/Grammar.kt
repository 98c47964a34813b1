package dev.tofusoup.stock.options

import com.github.ajalt.clikt.core.CoreCliktCommand
import com.github.ajalt.clikt.core.MultiUsageError
import com.github.ajalt.clikt.core.NoSuchOption
import com.github.ajalt.clikt.core.UsageError
import com.github.ajalt.clikt.core.context
import com.github.ajalt.clikt.core.parse
import com.github.ajalt.clikt.output.ParameterFormatter
import com.github.ajalt.clikt.parameters.arguments.argument
import com.github.ajalt.clikt.parameters.arguments.multiple
import com.github.ajalt.clikt.parameters.options.NullableOption
import com.github.ajalt.clikt.parameters.options.OptionWithValues
import com.github.ajalt.clikt.parameters.options.convert
import com.github.ajalt.clikt.parameters.options.flag
import com.github.ajalt.clikt.parameters.options.option
import kotlin.time.Duration

/**
 * The grammar that the programs of every language share, by Clikt. Clikt takes any word that begins
 * with two like signs for a flag where it has a `=`, here a flag begins with `--` and nothing else
 * does: so [MARK], which no byte is, begins each word and each value that is none.
 */
internal abstract class Grammar(
    name: String,
) : CoreCliktCommand(name) {
    private val told = mutableListOf<String>()
    private val given by argument().multiple()
    private val session by switch("session", "be driven by frames on standard input and output")
    private val help by switch("help", "print this and exit")
    private val version by switch("version", "print the version and exit")

    /** The words that are no flags. */
    val words: List<String> get() = given.map { it.removePrefix(MARK) }
    val isSession: Boolean get() = session
    val isHelp: Boolean get() = help
    val isVersion: Boolean get() = version

    init {
        context {
            helpOptionNames = emptySet()
            readArgumentFile = null
        }
    }

    override fun run() = Unit

    /** Understands a command line, or says in a [UsageException] what is wrong with it. */
    fun read(line: List<String>) {
        flags = line.takeWhile { it != "--" }.filter { it.startsWith("--") }.map { it.substringBefore('=') }
        try {
            parse(line.map(::marked))
        } catch (e: UsageError) {
            throw UsageException(reason(e))
        }
    }

    /** The names of the flags that were given, and maybe values that look like one. */
    private var flags: List<String> = emptyList()

    /** Refuses the flags that make no sense in a session. */
    fun checkSession(vararg allowed: String) {
        val also = allowed.toSet() + "--session"
        val known = registeredOptions().flatMap { it.names }
        flags.filter { it in known && it !in also }.sorted().firstOrNull()?.let {
            throw UsageException("--session goes without $it")
        }
    }

    /** The lines that tell of the flags, of those that every program has last. */
    fun usageOfFlags(): String = (told.drop(COMMON) + told.take(COMMON)).joinToString("")

    private fun tell(
        name: String,
        metavar: String,
        help: String,
    ) {
        told += "  %-26s %s\n".format("--$name $metavar".trim(), help)
    }

    /** A flag without a value. */
    protected fun switch(
        name: String,
        help: String,
    ): OptionWithValues<Boolean, Boolean, Boolean> {
        tell(name, "", help)
        return option("--$name").flag()
    }

    /** A flag with a value that is not empty. */
    protected fun text(
        name: String,
        metavar: String,
        help: String,
    ) = value(name, metavar, help, "a value that is not empty") { it.ifEmpty { null } }

    /** A flag with a number. */
    protected fun number(
        name: String,
        range: LongRange,
        help: String,
    ) = value(name, "N", help, "a number from ${range.first} to ${range.last}") { Values.integer(it, range) }

    /** A flag with a time. */
    protected fun seconds(
        name: String,
        help: String,
    ): NullableOption<Duration, Duration> = value(name, "S", help, "seconds like 5 or 0.25", Values::seconds)

    /** A flag of which the last value counts, and the others must be right too. */
    protected fun <T : Any> value(
        name: String,
        metavar: String,
        help: String,
        expected: String,
        read: (String) -> T?,
    ): NullableOption<T, T> {
        tell(name, metavar, help)
        return option("--$name").convert {
            val value = it.removePrefix(MARK)
            read(value) ?: fail("${Words.quoted(value)} given, $expected expected")
        }
    }

    private fun reason(error: UsageError): String =
        when (error) {
            is MultiUsageError -> reason(error.errors.first())
            is NoSuchOption -> "unknown flag: ${Words.printable(error.paramName.orEmpty())}"
            else -> error.formatMessage(currentContext.localization, ParameterFormatter.Plain)
        }

    private companion object {
        /** Begins what is no flag. */
        const val MARK = "\u03BB"

        /** How many flags every program has. */
        const val COMMON = 3

        fun marked(word: String): String =
            when {
                !word.startsWith("--") -> MARK + word
                '=' in word -> word.replaceFirst("=", "=$MARK")
                else -> word
            }
    }
}
