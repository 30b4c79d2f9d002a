import DanaData

/// The vectors of an answer to `/embeddings`, in the order of the texts; made only of an answer that has them all.
struct EmbeddingList {
    let vectors: [[Float]]

    /// `count` is how many texts were sent.
    init(_ answer: TapeValue, count: Int) throws(WireFault) {
        func fault(_ message: String) -> WireFault { WireFault(.invalidReply, message, body: answer.json) }
        guard let items = answer["data"]?.array else { throw fault("the answer has no list 'data' of embeddings") }
        guard items.count == count else {
            throw fault(
                "the answer has \(items.count) embedding\(items.count == 1 ? "" : "s") for \(count) "
                    + "text\(count == 1 ? "" : "s")")
        }
        var vectors = [[Float]?](repeating: nil, count: count)
        for (position, item) in items.enumerated() {
            let index = item["index"]?.counted ?? position
            guard vectors.indices.contains(index), vectors[index] == nil else {
                throw fault("the answer has an embedding with the index \(index) for \(count) texts, or has it twice")
            }
            guard let found = item["embedding"] else { throw fault("embedding \(index) of the answer is missing") }
            guard let numbers = found.array else {
                throw fault("embedding \(index) of the answer is \(found.typeName), a list of numbers is expected")
            }
            var vector: [Float] = []
            vector.reserveCapacity(numbers.count)
            for number in numbers {
                guard let value = number.double.map(Float.init) ?? number.int.map(Float.init) else {
                    throw fault(
                        "embedding \(index) of the answer has \(number.typeName) at place \(vector.count), a number is "
                            + "expected")
                }
                vector.append(value)
            }
            vectors[index] = vector
        }
        self.vectors = vectors.compactMap { $0 }
    }
}
