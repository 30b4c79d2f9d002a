"""The bridge: what a call, a conversion and an await across it cost, beside its peers."""
