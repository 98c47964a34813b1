namespace Greetings;

/// <summary>Says something with a message of the protos.</summary>
public static class Greeting
{
    /// <summary>The size in bytes of a message with a key.</summary>
    public static int Size(string key) => new Tofusoup.Stock.GetRequest { Key = key }.CalculateSize();
}
