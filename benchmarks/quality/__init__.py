"""Quality beside time: which method finds what users took, and at what cost."""
