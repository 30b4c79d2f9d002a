import CPython

/// A Swift struct, class or enum that crosses the border by its `Codable` conformance.
///
/// From Python it takes a dict (any Mapping) by its keys, or any other object, such as a dataclass, by its
/// attributes; to Python it becomes a dict. Fields of types with a conversion of their own use that one.
///
/// ```swift
/// struct Order: PythonRecord { var name: String; var items: [Item] }
/// ```
public protocol PythonRecord: Codable, FromPython, ToPython {}

extension PythonRecord {
    public static var pythonTypeName: String { "\(Self.self)" }

    public static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> Self {
        try PythonDecoder(PythonObject(borrowing: object, py), at: []).decode(Self.self, py)
    }

    public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        let result = PythonEncoder.Result()
        try PythonEncoder(at: [], storing: result.store).encode(self, py)
        return result.object.map { $0.owned(py) } ?? py_new_none()
    }
}

extension PythonPath {
    /// The steps of a coding path.
    init(_ path: [any CodingKey]) {
        self.init(path.map { key in key.intValue.map(Step.index) ?? .name(key.stringValue) })
    }
}

extension PythonError {
    /// An error thrown by a `Codable` conformance.
    init(coding error: any Error, _ py: borrowing Python) {
        switch error {
        case let error as PythonError:
            self = error
        case let error as DecodingError:
            switch error {
            case .keyNotFound(let key, let context):
                self = .valueError("missing field '\(key.stringValue)'").at(PythonPath(context.codingPath))
            case .typeMismatch(_, let context):
                self = .typeError(context.debugDescription).at(PythonPath(context.codingPath))
            case .valueNotFound(_, let context), .dataCorrupted(let context):
                self = .valueError(context.debugDescription).at(PythonPath(context.codingPath))
            @unknown default:
                self = .valueError("\(error)")
            }
        case EncodingError.invalidValue(_, let context):
            self = .valueError(context.debugDescription).at(PythonPath(context.codingPath))
        default:
            self = PythonError(mapping: error, py)
        }
    }
}

/// The place of an element in a coding path.
struct PythonIndexKey: CodingKey {
    let index: Int

    init(_ index: Int) { self.index = index }
    init?(intValue: Int) { index = intValue }
    init?(stringValue: String) { nil }

    var intValue: Int? { index }
    var stringValue: String { "\(index)" }
}
