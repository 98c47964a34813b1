// What tests assert with: each failure says what was expected, and what there was.
using System;
using System.Collections;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;

namespace Stock.Testing;

/// <summary>An expectation that was not met.</summary>
/// <param name="message">What was expected, and what there was.</param>
public sealed class CheckException(string message) : Exception(message);

/// <summary>Expectations of tests.</summary>
public static class Check
{
    /// <summary>Expects two values to be equal; sequences are, where their elements are.</summary>
    public static void Equal<T>(T expected, T actual)
    {
        var same =
            expected is IEnumerable some and not string && actual is IEnumerable others
                ? some.Cast<object?>().SequenceEqual(others.Cast<object?>())
                : Equals(expected, actual);
        if (!same)
        {
            throw new CheckException($"expected {Show(expected)}, got {Show(actual)}");
        }
    }

    /// <summary>Expects something to hold.</summary>
    public static void True(bool holds, string what)
    {
        if (!holds)
        {
            throw new CheckException($"expected {what}");
        }
    }

    /// <summary>Expects a text to have a part.</summary>
    public static void Contains(string part, string text) =>
        True(text.Contains(part, StringComparison.Ordinal), $"{Show(part)} in {Show(text)}");

    /// <summary>Expects an action to throw, and returns what it threw.</summary>
    public static T Throws<T>(Action action)
        where T : Exception
    {
        try
        {
            action();
        }
        catch (T expected)
        {
            return expected;
        }
        throw new CheckException($"expected {typeof(T).Name}, and nothing was thrown");
    }

    /// <summary>Expects a task to fail, and returns what it failed with.</summary>
    public static async Task<T> ThrowsAsync<T>(Func<Task> action)
        where T : Exception
    {
        try
        {
            await action();
        }
        catch (T expected)
        {
            return expected;
        }
        throw new CheckException($"expected {typeof(T).Name}, and nothing was thrown");
    }

    private static string Show(object? value) =>
        value switch
        {
            null => "null",
            string text => $"\"{text}\"",
            IEnumerable many => $"[{string.Join(", ", many.Cast<object?>().Select(Show))}]",
            IFormattable one => one.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };
}
