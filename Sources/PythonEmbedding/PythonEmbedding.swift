// PythonEmbedding
