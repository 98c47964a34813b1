namespace Tofusoup.Stock.Implementation;

/// <summary>Standard error, which may be read by nobody: then the exit code tells.</summary>
internal sealed class StandardError() : StandardOutput(2)
{
    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            base.Write(buffer);
        }
        catch (IOException)
        {
            // There is nothing else to say it to.
        }
    }
}
