// Shows what analyzers have found, if anything: SARIF files, named in FINDINGS, become a line a finding.
using System;
using System.IO;
using System.Linq;
using System.Text.Json;

var found = 0;
foreach (var log in Environment.GetEnvironmentVariable("FINDINGS")!.Split(':'))
{
    using var document = JsonDocument.Parse(File.ReadAllBytes(log));
    foreach (var result in document.RootElement.GetProperty("runs")[0].GetProperty("results").EnumerateArray())
    {
        // A level that is left out is `warning`.
        var level = result.TryGetProperty("level", out var given) ? given.GetString() : "warning";
        if (level is "note" or "none" || result.TryGetProperty("suppressions", out _))
        {
            continue;
        }
        var rule = result.GetProperty("ruleId").GetString();
        var text = result.GetProperty("message").GetProperty("text").GetString();
        var place = result.GetProperty("locations").EnumerateArray().FirstOrDefault();
        Console.WriteLine($"{Place(place)}: {rule}: {text}");
        found++;
    }
}
return found == 0 ? 0 : 1;

static string Place(JsonElement location)
{
    if (location.ValueKind is JsonValueKind.Undefined)
    {
        return "no place";
    }
    var physical = location.GetProperty("physicalLocation");
    var uri = physical.GetProperty("artifactLocation").GetProperty("uri").GetString()!;
    var line = physical.GetProperty("region").GetProperty("startLine").GetInt32();
    return $"{uri.Split("/_main/").Last()}:{line}";
}
