// PythonBridge
