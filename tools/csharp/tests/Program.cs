// Tells what it was given and where it runs.
using System;
using Greetings;

Console.WriteLine($"{Greeting.Size(args[0])} {string.Join('|', args)}");
Console.WriteLine(Environment.ProcessId);
Console.WriteLine(typeof(object).Assembly.Location);
return 7;
