import DanaData
import Testing

@testable import DanaModels

/// Answers as values of Swift's types.
@Suite struct TypedAnswerTests {
    private enum Mood: String, Decodable, CaseIterable {
        case good, bad
    }

    private struct Step: Decodable, Equatable {
        let what: String
        let minutes: Double
    }

    private struct Plan: Decodable {
        let goal: String
        let steps: [Step]
        let mood: Mood
        let size: UInt8
        let note: String?
        let isDone: Bool
    }

    private struct Endless: Decodable {
        let inner: [Endless]
    }

    @Test func theFormOfATypeIsFound() throws {
        #expect(
            try JSONWriter.string(DecodableSchema.of(Plan.self).root)
                == #"{"type":"object","properties":{"goal":{"type":"string"},"steps":{"type":"array","items":{"type":"object","properties":{"what":{"type":"string"},"minutes":{"type":"number"}},"required":["what","minutes"],"additionalProperties":false}},"mood":{"enum":["good","bad"]},"size":{"type":"integer"},"note":{"type":"string"},"isDone":{"type":"boolean"}},"required":["goal","steps","mood","size","isDone"],"additionalProperties":false}"#
        )
        #expect(
            try JSONWriter.string(DecodableSchema.of([Int].self).root)
                == #"{"type":"array","items":{"type":"integer"}}"#)
        #expect(throws: ModelError.self) { try DecodableSchema.of(Endless.self) }
    }

    /// A text that is a type of its own.
    private struct Name: Decodable {
        let text: String

        init(from decoder: any Decoder) throws { text = try decoder.singleValueContainer().decode(String.self) }
    }

    /// Its fields lie deeper than the type says.
    private struct Place: Decodable {
        let street: String
        let numbers: [Int]

        private enum Keys: CodingKey {
            case address, numbers
        }

        private enum AddressKeys: CodingKey {
            case street
        }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: Keys.self)
            let address = try fields.nestedContainer(keyedBy: AddressKeys.self, forKey: .address)
            street = try address.decode(String.self, forKey: .street)
            var list = try fields.nestedUnkeyedContainer(forKey: .numbers)
            var numbers: [Int] = []
            while !list.isAtEnd { numbers.append(try list.decode(Int.self)) }
            self.numbers = numbers
        }
    }

    private struct Album: Decodable {
        let title: Name
        let stars: [String: Int]
        let places: [Int: [Place]]?
    }

    /// Which of the two it is shows in the key.
    private enum Either: Decodable {
        case one(Int)
        case other(String)
    }

    @Test func theFormOfWhatDecodesItselfIsFound() throws {
        #expect(try JSONWriter.string(DecodableSchema.of(Name.self).root) == #"{"type":"string"}"#)
        #expect(
            try JSONWriter.string(DecodableSchema.of([String: Int].self).root)
                == #"{"type":"object","additionalProperties":{"type":"integer"}}"#)
        let address =
            #"{"type":"object","properties":{"street":{"type":"string"}},"required":["street"],"additionalProperties":false}"#
        let place =
            #"{"type":"object","properties":{"address":\#(address),"numbers":{"type":"array","items":{"type":"integer"}}},"required":["address","numbers"],"additionalProperties":false}"#
        #expect(try JSONWriter.string(DecodableSchema.of(Place.self).root) == place)
        #expect(
            try JSONWriter.string(DecodableSchema.of(Album.self).root)
                == #"{"type":"object","properties":{"title":{"type":"string"},"stars":{"type":"object","additionalProperties":{"type":"integer"}},"places":{"type":"object","additionalProperties":{"type":"array","items":\#(place)}}},"required":["title","stars"],"additionalProperties":false}"#
        )
    }

    @Test func whatHasNoOneFormIsRefused() throws {
        for type in [Either.self, [Mood: Int].self, [[Either]].self] as [any Decodable.Type] {
            #expect(throws: ModelError.self) { try DecodableSchema.of(type) }
        }
    }

    @Test func answersAreDecoded() async throws {
        let text =
            #"{"goal":"tea","steps":[{"what":"boil","minutes":3}],"mood":"bad","size":2,"isDone":false}"#
        let pool = try ModelPool("m") { _ in FakeModel("m", [.text(text), .text(#"{"answer":7}"#)]) }
        let plan = try await pool.reason("plan", as: Plan.self)
        #expect(plan.goal == "tea" && plan.steps == [Step(what: "boil", minutes: 3)] && plan.mood == .bad)
        #expect(plan.size == 2 && plan.note == nil && !plan.isDone)
        let number: Int = try await pool.reason("number")
        #expect(number == 7)
    }

    @Test func whatDoesNotFitTheTypeSaysWhere() async throws {
        let text = #"{"goal":"tea","steps":[],"mood":"bad","size":300,"isDone":false}"#
        let pool = try ModelPool("m") { _ in FakeModel("m", [.text(text)]) }
        let failure = await #expect(throws: ModelError.self) { try await pool.reason("plan", as: Plan.self) }
        #expect(failure?.code == .schemaMismatch && failure?.message.contains("UInt8") == true)
        #expect(failure?.body == text)
    }

    @Test(arguments: ["[1]", #"{"what":1,"minutes":1}"#, #"{"what":"x"}"#, #"{"what":"x","minutes":"y"}"#])
    func plainDataThatDoesNotFitIsRefused(text: String) throws {
        #expect(throws: DecodingError.self) {
            try TapeDecoder.decode(Step.self, from: try Conversation.tape(text).root)
        }
    }
}
