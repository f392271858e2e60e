"""The policies of trade, one family a file: demand, forecasts, orders, choosing sellers, allocation."""
