"""Measures ecomsql and its peers side by side, in one run: quality first, then time and memory.

``python -m benchmarks`` runs everything; ``python -m benchmarks quality --only beauty`` a part.
Real data is read from the folder ECOMSQL_DATA (default ``../shared/data``); what is not there is
skipped, with the reason.
"""
