# frozen_string_literal: true

require 'stock/stock_server'

Stock::Program.main { |argv| Stock::StockServer.run(argv) }
