@_exported import struct DanaLanguage.CallableSignature
@_exported import struct DanaLanguage.ChainedError
@_exported import struct DanaLanguage.ErrorPlace
@_exported import enum DanaLanguage.ExceptionKind
@_exported import enum DanaLanguage.LimitKind
@_exported import struct DanaLanguage.Limits
@_exported import struct DanaLanguage.SealKey
@_exported import enum DanaLanguage.VariableScope
