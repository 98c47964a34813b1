using System.Globalization;
using System.Text;

namespace Tofusoup.Stock.Implementation;

/// <summary>Exit codes of the two programs; an RPC that failed is Rpc plus its status code.</summary>
public static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Ok = 0;

    /// <summary>A health that is not SERVING.</summary>
    public const int NotServing = 1;

    /// <summary>Wrong usage, or files that cannot be used.</summary>
    public const int Usage = 2;

    /// <summary>The address cannot be bound.</summary>
    public const int CannotBind = 3;

    /// <summary>An internal fault, or output that cannot be written.</summary>
    public const int Internal = 4;

    /// <summary>What a status code is added to.</summary>
    public const int Rpc = 64;

    /// <summary>Ended by SIGINT.</summary>
    public const int Interrupted = 130;
}

/// <summary>A command line that breaks the grammar, in one line that names what breaks it.</summary>
public sealed class UsageException(string reason) : Exception(reason);

/// <summary>One flag of a program.</summary>
/// <param name="Name">Its name, without the dashes.</param>
/// <param name="Value">What its value is called; empty where it takes none.</param>
/// <param name="Help">What it is for.</param>
/// <param name="Set">Takes the value and returns what it expects instead, or null.</param>
internal sealed record Flag(string Name, string Value, string Help, Func<string, string?> Set)
{
    /// <summary>Whether the command line has it.</summary>
    public bool Given { get; set; }
}

/// <summary>
/// The grammar of both programs. It is our own because every language shares it, and System.CommandLine has another:
/// it takes `-5` for an option, `--flag:value` for a value and `@file` for more words.
/// </summary>
internal static class Grammar
{
    private const string Dashes = "--";
    private const int MaxSecondsDigits = 9;

    /// <summary>The largest value of --max-receive-bytes.</summary>
    public const int MaxReceiveBytes = int.MaxValue;

    /// <summary>The value of --max-receive-bytes where it is not given.</summary>
    public const int DefaultReceiveBytes = 4 << 20;

    /// <summary>Sets the flags given, the last of a repeated one at last, and returns the other words in order.</summary>
    /// <exception cref="UsageException">The words break the grammar.</exception>
    public static List<string> Parse(IReadOnlyList<Flag> flags, IReadOnlyList<string> words)
    {
        var arguments = new List<string>();
        for (var n = 0; n < words.Count; n++)
        {
            if (!words[n].StartsWith(Dashes, StringComparison.Ordinal))
            {
                arguments.Add(words[n]);
            }
            else if (words[n].Length == Dashes.Length)
            {
                arguments.AddRange(words.Skip(n + 1));
                break;
            }
            else
            {
                Set(flags, words[n][Dashes.Length..], () => ++n < words.Count ? words[n] : null);
            }
        }
        return arguments;
    }

    /// <summary>The lines that tell of flags.</summary>
    public static string Usage(IEnumerable<Flag> flags)
    {
        var lines = new StringBuilder();
        foreach (var flag in flags)
        {
            lines.Append(
                CultureInfo.InvariantCulture,
                $"  {$"--{flag.Name} {flag.Value}".TrimEnd(), -26} {flag.Help}\n"
            );
        }
        return lines.ToString();
    }

    /// <summary>A flag without a value.</summary>
    public static Func<string, string?> Yes(Action set) =>
        _ =>
        {
            set();
            return null;
        };

    /// <summary>A value that is not empty.</summary>
    public static Func<string, string?> Text(Action<string> set) =>
        value =>
        {
            set(value);
            return value.Length > 0 ? null : "a value that is not empty";
        };

    /// <summary>A whole number within bounds.</summary>
    public static Func<string, string?> Number(Action<long> set, long low, long high) =>
        value =>
        {
            if (
                !Digits(value)
                || !long.TryParse(value, CultureInfo.InvariantCulture, out var number)
                || number < low
                || number > high
            )
            {
                return $"a number from {low} to {high}";
            }
            set(number);
            return null;
        };

    /// <summary>Seconds, with a fraction.</summary>
    public static Func<string, string?> Seconds(Action<TimeSpan> set) =>
        value =>
        {
            var parts = value.Split('.');
            if (parts.Length > 2 || !parts.All(Digits) || parts[0].Length > MaxSecondsDigits)
            {
                return "seconds like 5 or 0.25";
            }

            // Up: the smallest fraction is not 0, which means something else.
            var seconds = decimal.Parse(value.AsSpan(0, Math.Min(value.Length, 20)), CultureInfo.InvariantCulture);
            var more = value.Length > 20 && value.AsSpan(20).ContainsAnyExcept('0') ? 1 : 0;
            set(TimeSpan.FromTicks((long)Math.Ceiling(seconds * TimeSpan.TicksPerSecond) + more));
            return null;
        };

    /// <summary>Tells numbers as the grammar knows them from those with signs, exponents and separators.</summary>
    public static bool Digits(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);

    /// <summary>Refuses what makes no sense in a session.</summary>
    /// <exception cref="UsageException">A flag that is not allowed was given.</exception>
    public static void OnlyWithSession(IEnumerable<Flag> flags, params string[] allowed)
    {
        var wrong = flags
            .Where(flag => flag.Given && flag.Name != "session" && !allowed.Contains(flag.Name))
            .Select(flag => flag.Name)
            .Order(StringComparer.Ordinal)
            .FirstOrDefault();
        if (wrong is not null)
        {
            throw new UsageException($"--session goes without --{wrong}");
        }
    }

    private static void Set(IReadOnlyList<Flag> flags, string text, Func<string?> next)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? text : text[..equals];
        var value = equals < 0 ? null : text[(equals + 1)..];
        var flag =
            flags.FirstOrDefault(flag => flag.Name == name)
            ?? throw new UsageException($"unknown flag: --{Words.Escape(name)}");
        if (flag.Value.Length == 0 && value is not null)
        {
            throw new UsageException($"--{name} takes no value");
        }
        if (flag.Value.Length > 0)
        {
            value ??= next() ?? throw new UsageException($"--{name} needs a value");
        }
        if (flag.Set(value ?? "") is { } expected)
        {
            throw new UsageException($"--{name}: \"{Words.Escape(value ?? "")}\" given, {expected} expected");
        }
        flag.Given = true;
    }
}
