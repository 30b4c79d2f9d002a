import DanaData

/// A type that can be a field of a ``PythonRecord`` by its own conversion, though it has no form for other coders.
public protocol PythonField: Codable, FromPython, ToPython {}

extension PythonField {
    public init(from decoder: any Decoder) throws {
        guard let decoder = decoder as? PythonDecoder else {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(
                    codingPath: decoder.codingPath, debugDescription: "\(Self.self) is decoded from Python only"))
        }
        self = try decoder.decode(Self.self)
    }

    public func encode(to encoder: any Encoder) throws {
        guard let encoder = encoder as? PythonEncoder else {
            throw EncodingError.invalidValue(
                self,
                EncodingError.Context(
                    codingPath: encoder.codingPath, debugDescription: "\(Self.self) is encoded for Python only"))
        }
        try encoder.encode(self)
    }
}

extension BigInteger: PythonField {}
extension Bytes: PythonField {}
extension CalendarDate: PythonField {}
extension ClockTime: PythonField {}
extension Complex: PythonField {}
extension DateTime: PythonField {}
extension Decimal: PythonField {}
extension Fraction: PythonField {}
extension PathText: PythonField {}
extension PythonValue: PythonField {}
extension TimeDelta: PythonField {}
extension TimeZoneOffset: PythonField {}
extension UniqueIdentifier: PythonField {}
