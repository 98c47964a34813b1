# frozen_string_literal: true

require 'stock/stock_client'

Stock::Program.main { |argv| Stock::StockClient.run(argv) }
