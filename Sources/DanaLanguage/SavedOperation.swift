/// An operation on a handle as it is saved: its number, its operator's, and its name.
struct SavedOperation {
    let number: UInt8
    let operatorNumber: UInt8
    let name: String

    init(number: UInt8, operatorNumber: UInt8, name: String) {
        self.number = number
        self.operatorNumber = operatorNumber
        self.name = name
    }

    init(_ operation: HandleOperation) {
        var (operatorNumber, name): (UInt8, String) = (0, "")
        switch operation {
        case .call: number = 0
        case .item: number = 1
        case .setItem: number = 2
        case .deleteItem: number = 3
        case .contains: number = 4
        case .iterate: number = 5
        case .next: number = 6
        case .truth: number = 7
        case .enter: number = 8
        case .exit: number = 9
        case .method(let attribute): (number, name) = (10, attribute.text)
        case .attribute(let attribute): (number, name) = (11, attribute.text)
        case .setAttribute(let attribute): (number, name) = (12, attribute.text)
        case .deleteAttribute(let attribute): (number, name) = (13, attribute.text)
        case .builtin(let function): (number, name) = (14, function)
        case .unary(let operation): (number, operatorNumber) = (15, operation.rawValue)
        case .comparison(let operation): (number, operatorNumber) = (16, operation.rawValue)
        case .augmented(let operation): (number, operatorNumber) = (17, operation.rawValue)
        case .binary(let operation, isReflected: false): (number, operatorNumber) = (18, operation.rawValue)
        case .binary(let operation, isReflected: true): (number, operatorNumber) = (19, operation.rawValue)
        case .nextOfLoop: number = 20
        case .raise: number = 21
        case .catches: number = 22
        }
        self.operatorNumber = operatorNumber
        self.name = name
    }

    /// The operation; nil when there is none of these numbers.
    func operation(_ heap: Heap) throws(DanaError) -> HandleOperation? {
        switch number {
        case 0: .call
        case 1: .item
        case 2: .setItem
        case 3: .deleteItem
        case 4: .contains
        case 5: .iterate
        case 6: .next
        case 7: .truth
        case 8: .enter
        case 9: .exit
        case 10: .method(HostName(try heap.name(name)))
        case 11: .attribute(HostName(try heap.name(name)))
        case 12: .setAttribute(HostName(try heap.name(name)))
        case 13: .deleteAttribute(HostName(try heap.name(name)))
        case 14: .builtin(name)
        case 15: UnaryOperator(rawValue: operatorNumber).map { .unary($0) }
        case 16: ComparisonOperator(rawValue: operatorNumber).map { .comparison($0) }
        case 17: BinaryOperator(rawValue: operatorNumber).map { .augmented($0) }
        case 18: BinaryOperator(rawValue: operatorNumber).map { .binary($0, isReflected: false) }
        case 19: BinaryOperator(rawValue: operatorNumber).map { .binary($0, isReflected: true) }
        case 20: .nextOfLoop
        case 21: .raise
        case 22: .catches
        default: nil
        }
    }
}
