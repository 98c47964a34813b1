using System.Buffers;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Tofusoup.Stock.Implementation;

/// <summary>
/// Tells whether the texts of a message were UTF-8 on the wire. Google.Protobuf puts U+FFFD for what is not, so that a
/// message without that character is not looked at again.
/// </summary>
internal static class Utf8
{
    private const char Replacement = '\uFFFD';

    /// <summary>Checks the message's own fields; none of our requests has a message in it.</summary>
    public static bool Holds(IMessage message, ReadOnlySequence<byte> payload)
    {
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            if (field is { FieldType: FieldType.String, IsRepeated: false }
                && field.Accessor.GetValue(message) is string text
                && text.Contains(Replacement, StringComparison.Ordinal))
            {
                return Holds(message.Descriptor, payload.ToArray());
            }
        }
        return true;
    }

    private static bool Holds(MessageDescriptor descriptor, byte[] payload)
    {
        using var input = new CodedInputStream(payload);
        while (input.ReadTag() is var tag and not 0)
        {
            var field = descriptor.FindFieldByNumber(WireFormat.GetTagFieldNumber(tag));
            if (field is not { FieldType: FieldType.String } || WireFormat.GetTagWireType(tag) != WireFormat.WireType.LengthDelimited)
            {
                input.SkipLastField();
            }
            else if (!System.Text.Unicode.Utf8.IsValid(input.ReadBytes().Span))
            {
                return false;
            }
        }
        return true;
    }
}
