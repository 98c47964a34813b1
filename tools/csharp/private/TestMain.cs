// The main program of every csharp_test.
return await Stock.Testing.Runner.Run(System.Reflection.Assembly.GetExecutingAssembly(), System.Console.Out);
