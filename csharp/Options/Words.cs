using System.Text;

namespace Tofusoup.Stock.Implementation;

/// <summary>
/// Words of a command line, which are bytes. .NET decodes them as UTF-8 and loses what is not; here such a byte is a
/// surrogate without its pair, so that every word can be had back as it was.
/// </summary>
public static class Words
{
    private const int FirstSurrogate = 0xDC00;
    private const string Memory = "/proc/self/cmdline";

    /// <summary>The words as they were given.</summary>
    /// <param name="args">The arguments of the program as .NET has them: the last of the process.</param>
    public static string[] Given(string[] args)
    {
        if (!args.Any(arg => arg.Contains('\uFFFD', StringComparison.Ordinal)))
        {
            return args;
        }
        var line = File.ReadAllBytes(Memory).AsSpan().TrimEnd((byte)0);
        var words = new List<string>();
        foreach (var range in line.Split((byte)0))
        {
            words.Add(Decode(line[range]));
        }
        return [.. words.TakeLast(args.Length)];
    }

    /// <summary>Bytes as a word.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        var word = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var length) == System.Buffers.OperationStatus.Done)
            {
                word.Append(rune);
            }
            else
            {
                length = 1;
                word.Append((char)(FirstSurrogate + bytes[0]));
            }
            bytes = bytes[length..];
        }
        return word.ToString();
    }

    /// <summary>A word as bytes.</summary>
    public static byte[] Encode(string word)
    {
        var bytes = new MemoryStream(word.Length);
        Span<byte> utf8 = stackalloc byte[4];
        ReadOnlySpan<char> rest = word;
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var length) == System.Buffers.OperationStatus.Done)
            {
                bytes.Write(utf8[..rune.EncodeToUtf8(utf8)]);
            }
            else
            {
                bytes.WriteByte((byte)(rest[0] - FirstSurrogate));
            }
            rest = rest[length..];
        }
        return bytes.ToArray();
    }

    /// <summary>Tells whether a word was UTF-8.</summary>
    public static bool IsText(string word)
    {
        ReadOnlySpan<char> rest = word;
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var length) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }
            rest = rest[length..];
        }
        return true;
    }

    /// <summary>
    /// A text fit for one field of a line: `\\`, `\n`, `\r`, `\t`, and `\xHH` for other bytes below 0x20, 0x7F, and bytes
    /// that are not UTF-8.
    /// </summary>
    public static string Escape(string word)
    {
        var text = new StringBuilder(word.Length);
        ReadOnlySpan<char> rest = word;
        while (!rest.IsEmpty)
        {
            var decoded = Rune.DecodeFromUtf16(rest, out var rune, out var length);
            _ = (decoded, rest[0]) switch
            {
                (not System.Buffers.OperationStatus.Done, var lone) => text.Append($"\\x{lone - FirstSurrogate:X2}"),
                (_, '\\') => text.Append(@"\\"),
                (_, '\n') => text.Append(@"\n"),
                (_, '\r') => text.Append(@"\r"),
                (_, '\t') => text.Append(@"\t"),
                (_, < ' ' or '\x7F') => text.Append($"\\x{rune.Value:X2}"),
                _ => text.Append(rune),
            };
            rest = rest[length..];
        }
        return text.ToString();
    }
}
