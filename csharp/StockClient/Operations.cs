using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Health.V1;

namespace Tofusoup.Stock.Implementation;

/// <summary>What stock_client does, with its arguments understood: all that is left is to call and to print.</summary>
internal static class Operations
{
    /// <summary>Calls, prints, and returns an exit code.</summary>
    internal delegate Task<int> Operation(ClientChannel channel, CallOptions options, Stream output);

    /// <summary>Understands the arguments of an operation, reading those that standard input holds.</summary>
    /// <exception cref="UsageException">One cannot be understood.</exception>
    public static Operation Prepare(ClientOptions options)
    {
        var arguments = options.Arguments;
        var first = arguments is [var word, ..] ? word : "";
        return options.Operation switch
        {
            "get" => Print(
                async (channel, call) =>
                    Value((await channel.Stock.GetAsync(new GetRequest { Key = first }, call)).Value)
            ),
            "kv-get" => Print(
                async (channel, call) =>
                    Value((await channel.Kv.GetAsync(new Proto.GetRequest { Key = first }, call)).Value)
            ),
            "put" => Put(arguments, (channel, value, call) =>
                channel.Stock.PutAsync(new PutRequest { Key = first, Value = value }, call).ResponseAsync
            ),
            "kv-put" => Put(arguments, (channel, value, call) =>
                channel.Kv.PutAsync(new Proto.PutRequest { Key = first, Value = value }, call).ResponseAsync
            ),
            "delete" => Print(
                async (channel, call) =>
                {
                    await channel.Stock.DeleteAsync(new DeleteRequest { Key = first }, call);
                    return Done;
                }
            ),
            "monitor" => Monitor(first.EndsWith('*') ? first[..^1] : first, options.Count),
            "batch" => Batch(arguments),
            "trade" => Trade(arguments),
            "inventory" => Print(
                async (channel, call) =>
                    Text(Lines.Inventory(await channel.Stock.InventoryAsync(new InventoryRequest(), call)))
            ),
            _ => Health(first),
        };
    }

    private static byte[] Done => Text("OK\n");

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Value(ByteString value) => [.. value.Span, (byte)'\n'];

    private static Operation Print(Func<ClientChannel, CallOptions, Task<byte[]>> call) =>
        async (channel, options, output) =>
        {
            Programs.Write(output, await call(channel, options));
            return ExitCode.Ok;
        };

    private static Operation Put(
        IReadOnlyList<string> arguments,
        Func<ClientChannel, ByteString, CallOptions, Task> put
    )
    {
        var value = ByteString.CopyFrom(arguments[1] == "-" ? ReadInput() : Words.Encode(arguments[1]));
        return Print(
            async (channel, call) =>
            {
                await put(channel, value, call);
                return Done;
            }
        );
    }

    private static Operation Monitor(string prefix, long count) =>
        async (channel, options, output) =>
        {
            using var call = channel.Stock.Monitor(new WatchRequest { KeyPrefix = prefix }, options);
            var printed = 0L;
            await foreach (var change in CallEnd.ReadAll(call.ResponseStream, call.GetStatus))
            {
                Programs.Write(output, Text(Lines.Event(change)));
                if (++printed == count)
                {
                    break;
                }
            }
            return ExitCode.Ok;
        };

    private static Operation Batch(IReadOnlyList<string> arguments)
    {
        var items = (arguments.Count > 0 ? arguments : InputLines())
            .Select(Arguments.ParseItem)
            .Select(item => new BatchItem { Key = item.Key, Value = ByteString.CopyFrom(Words.Encode(item.Value)) })
            .ToList();
        return Print(
            async (channel, options) =>
            {
                using var call = channel.Stock.Batch(options);
                await Send(call.RequestStream, items);
                return Text(Lines.Summary(await call.ResponseAsync));
            }
        );
    }

    private static Operation Trade(IReadOnlyList<string> arguments)
    {
        var orders = arguments
            .Select(Arguments.ParseOrder)
            .Select(order => new TradeOrder
            {
                Type = (TradeOrder.Types.OrderType)order.Kind,
                Symbol = order.Symbol,
                Quantity = order.Quantity,
            })
            .ToList();
        return async (channel, options, output) =>
        {
            using var call = channel.Stock.Trade(options);
            var sending = Send(call.RequestStream, orders);
            await foreach (var fill in CallEnd.ReadAll(call.ResponseStream, call.GetStatus))
            {
                Programs.Write(output, Text(Lines.Fill(fill)));
            }
            await sending;
            return ExitCode.Ok;
        };
    }

    private static Operation Health(string service) =>
        async (channel, options, output) =>
        {
            var response = await channel.Health.CheckAsync(new HealthCheckRequest { Service = service }, options);
            Programs.Write(output, Text(Lines.ScreamingSnake(response.Status.ToString()) + "\n"));
            return response.Status == HealthCheckResponse.Types.ServingStatus.Serving
                ? ExitCode.Ok
                : ExitCode.NotServing;
        };

    private static async Task Send<T>(IClientStreamWriter<T> requests, List<T> messages)
    {
        try
        {
            foreach (var message in messages)
            {
                await requests.WriteAsync(message);
            }
            await requests.CompleteAsync();
        }
        catch (Exception ended) when (ended is RpcException or InvalidOperationException or IOException)
        {
            // The call is over: its response tells why.
        }
    }

    private static byte[] ReadInput()
    {
        using var content = new MemoryStream();
        using var input = Programs.StandardInput();
        input.CopyTo(content);
        return content.ToArray();
    }

    /// <summary>The lines of standard input that are not blank.</summary>
    private static List<string> InputLines()
    {
        ReadOnlySpan<byte> content = ReadInput();
        var lines = new List<string>();
        foreach (var range in content.Split((byte)'\n'))
        {
            if (!content[range].Trim(" \t\r\v\f"u8).IsEmpty)
            {
                lines.Add(Words.Decode(content[range]));
            }
        }
        return lines;
    }
}
