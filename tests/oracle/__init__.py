"""A second, plain implementation of the period, against which the columns of the world are compared."""
