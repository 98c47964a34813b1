using System.Collections.Frozen;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Proto;
using Reflection = Grpc.Reflection.V1.ServerReflection;
using ReflectionAlpha = Grpc.Reflection.V1Alpha.ServerReflection;

namespace Tofusoup.Stock.Implementation;

/// <summary>
/// Which method a path is of. Paths are compared as they stand; ASP.NET Core's routing would not tell `Get` from `get`.
/// </summary>
internal sealed class Routes
{
    /// <summary>What a request may have of it; the library counts without <see cref="EntryBytes"/>.</summary>
    public const int MaxMetadataBytes = 16 << 10;

    private const int EntryBytes = 32;
    private const string ContentType = "application/grpc";

    private readonly FrozenDictionary<string, RequestDelegate> _methods;

    public Routes(IServiceProvider services)
    {
        var table = new Table(services);
        table.MapGrpcService<Services>();
        var endpoints = table.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();

        // The library's own endpoints for what is not there are patterns with parameters.
        _methods = endpoints
            .Where(endpoint => endpoint.RoutePattern.Parameters.Count == 0)
            .ToFrozenDictionary(
                endpoint => endpoint.RoutePattern.RawText!,
                endpoint => endpoint.RequestDelegate!,
                StringComparer.Ordinal
            );
    }

    /// <summary>Registers what serving takes.</summary>
    public static void AddServices(IServiceCollection services, ListenerConfig config, CancellationToken draining)
    {
        var description = new Description(
            About.Version,
            DateTimeOffset.UtcNow,
            new Dictionary<string, string>
            {
                ["language"] = About.Language,
                ["runtime"] = About.Runtime,
                ["library"] = About.Library,
                ["transport"] = About.Transport,
                ["tls_stack"] = About.TlsStack,
                ["security"] = config.Security,
            }
        );
        services.AddGrpc(options =>
        {
            options.CompressionProviders = [new Gzip()];
            options.MaxReceiveMessageSize = config.MaxReceiveBytes;
            options.MaxSendMessageSize = null;
            if (config.Director is not null)
            {
                options.Interceptors.Add<Director>();
            }
        });
        if (config.Director is { } director)
        {
            services.AddSingleton(director);
        }
        var bound = new Services(binder =>
        {
            Stock.BindService(binder, new StockService(config.Stores, description, draining));
            KV.BindService(binder, new KvService(config.Stores));
            Health.BindService(binder, new HealthService(draining));
            var files = SymbolRegistry.FromFiles([
                StockReflection.Descriptor,
                KvReflection.Descriptor,
                HealthReflection.Descriptor,
                Grpc.Reflection.V1.ReflectionReflection.Descriptor,
                Grpc.Reflection.V1Alpha.ReflectionReflection.Descriptor,
            ]);
            string[] names =
            [
                Stock.Descriptor.FullName,
                KV.Descriptor.FullName,
                Health.Descriptor.FullName,
                Reflection.Descriptor.FullName,
                ReflectionAlpha.Descriptor.FullName,
            ];
            Reflection.BindService(binder, new UntilDrain(new ReflectionV1ServiceImpl(names, files), draining));
            ReflectionAlpha.BindService(binder, new UntilDrainAlpha(new ReflectionServiceImpl(names, files), draining));
        });
        services.AddSingleton(bound).AddSingleton<IServiceMethodProvider<Services>>(bound);
    }

    /// <summary>Hands a request to its method.</summary>
    public Task Invoke(HttpContext http)
    {
        if (SizeOf(http.Request.Headers) > MaxMetadataBytes)
        {
            return End(http, StatusCode.ResourceExhausted, "too much request metadata");
        }
        if (_methods.TryGetValue(http.Request.Path.Value ?? "", out var method))
        {
            return method(http);
        }
        if (http.Request.ContentType?.StartsWith(ContentType, StringComparison.Ordinal) is not true)
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return Task.CompletedTask;
        }
        return End(http, StatusCode.Unimplemented, "unknown method");
    }

    /// <summary>The size of metadata before compression, as RFC 9113 counts it (section 6.5.2).</summary>
    private static int SizeOf(IHeaderDictionary headers)
    {
        var size = 0;
        foreach (var (name, values) in headers)
        {
            foreach (var value in values)
            {
                size += name.Length + (value?.Length ?? 0) + EntryBytes;
            }
        }
        return size;
    }

    private static Task End(HttpContext http, StatusCode code, string message)
    {
        http.Response.ContentType = ContentType;
        http.Response.Headers["grpc-status"] = ((int)code).ToString("D");
        http.Response.Headers["grpc-message"] = message;
        return Task.CompletedTask;
    }

    private sealed class Table(IServiceProvider services) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider => services;

        public ICollection<EndpointDataSource> DataSources { get; } = [];

        public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(services);
    }
}
