using Grpc.Core;
using Grpc.Health.V1;
using Proto;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Tofusoup.Stock.Implementation;

/// <summary>Health: everything serves until the drain, and nothing from then on.</summary>
/// <param name="draining">The drain.</param>
internal sealed class HealthService(CancellationToken draining) : Health.HealthBase
{
    private static readonly string[] Names = ["", Stock.Descriptor.FullName, KV.Descriptor.FullName];

    /// <inheritdoc/>
    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) =>
        Names.Contains(request.Service)
            ? Task.FromResult(Response(Present))
            : throw new RpcException(new Status(StatusCode.NotFound, $"unknown service: {request.Service}"));

    /// <inheritdoc/>
    public override async Task Watch(
        HealthCheckRequest request,
        IServerStreamWriter<HealthCheckResponse> responseStream,
        ServerCallContext context
    )
    {
        var known = Names.Contains(request.Service);
        await responseStream.WriteAsync(
            Response(known ? Present : ServingStatus.ServiceUnknown),
            context.CancellationToken
        );
        await draining.Ended(context.CancellationToken);
        if (known)
        {
            await responseStream.WriteAsync(Response(ServingStatus.NotServing), context.CancellationToken);
        }
        throw Statuses.Draining();
    }

    private ServingStatus Present =>
        draining.IsCancellationRequested ? ServingStatus.NotServing : ServingStatus.Serving;

    private static HealthCheckResponse Response(ServingStatus status) => new() { Status = status };
}
