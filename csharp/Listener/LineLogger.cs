using Microsoft.Extensions.Logging;

namespace Tofusoup.Stock.Implementation;

/// <summary>The log of the libraries: a line for each thing that is worth one, never a trace.</summary>
/// <param name="output">Where the lines go.</param>
internal sealed class LineLoggerProvider(TextWriter output) : ILoggerProvider
{
    // Where a handshake that failed is told, and at no more than this level.
    private const string Handshakes = "Microsoft.AspNetCore.Server.Kestrel.Https";

    // What the host logs of a bind that failed, its exception says.
    private const string Host = "Microsoft.Extensions.Hosting";

    /// <summary>The filter that goes with it.</summary>
    public static bool Wanted(string? category, LogLevel level) =>
        level
        >= category switch
        {
            not null when category.StartsWith(Handshakes, StringComparison.Ordinal) => LogLevel.Debug,
            not null when category.StartsWith(Host, StringComparison.Ordinal) => LogLevel.None,
            _ => LogLevel.Warning,
        };

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Logger(TextWriter.Synchronized(output), categoryName);

    /// <inheritdoc/>
    public void Dispose() { }

    private sealed class Logger(TextWriter output, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => Wanted(category, logLevel);

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            // A handshake that went well is told at the same level.
            if (!IsEnabled(logLevel) || (logLevel == LogLevel.Debug && exception is null))
            {
                return;
            }
            var cause = exception is null ? "" : $": {(exception.InnerException ?? exception).Message}";
            output.WriteLine(
                $"{category.Split('.')[^1]}: {formatter(state, exception)}{cause}".ReplaceLineEndings(" ")
            );
        }
    }
}
