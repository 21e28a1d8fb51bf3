"""The Arrow UDFs behind the functions: one file a function, found by their folder."""
