"""Forecasts of many series: contestants, each in a process of its own."""
