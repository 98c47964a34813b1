// stock_server serves Stock and KV; docs/reference/programs.md describes it.
using Tofusoup.Stock.Implementation;

return await StockServer.Start(Words.Given(args));
