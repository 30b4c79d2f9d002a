"""Language models: lending them, asking them over HTTP, the embedded one; beside what Python has for each."""
