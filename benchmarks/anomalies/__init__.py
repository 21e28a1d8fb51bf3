"""Values that were planted in series: contestants that look for them."""
