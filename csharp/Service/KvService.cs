using Google.Protobuf;
using Grpc.Core;
using Proto;

namespace Tofusoup.Stock.Implementation;

/// <summary>The handlers of proto.KV, the older service, over the same stores.</summary>
/// <param name="stores">The stores; a call works on the one it carries, else on the default one.</param>
public sealed class KvService(Stores stores) : KV.KVBase
{
    /// <inheritdoc/>
    public override Task<Proto.GetResponse> Get(Proto.GetRequest request, ServerCallContext context) =>
        stores.Answer(context, store => new Proto.GetResponse
        {
            Value = UnsafeByteOperations.UnsafeWrap(store.Get(request.Key)),
        });

    /// <inheritdoc/>
    public override Task<Proto.Empty> Put(Proto.PutRequest request, ServerCallContext context) =>
        stores.Answer(context, store =>
        {
            store.Put(request.Key, request.Value.Memory);
            return new Proto.Empty();
        });
}
