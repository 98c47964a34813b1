// stock_client calls a Stock server; docs/reference/programs.md describes it.
using Tofusoup.Stock.Implementation;

return await StockClient.Start(Words.Given(args));
