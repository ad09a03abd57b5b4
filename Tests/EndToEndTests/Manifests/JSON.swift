/// Any JSON value, to look into documents of many kinds. What is not there is ``null``.
enum JSON: Decodable, Equatable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case list([JSON])
    case object([String: JSON])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSON].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: JSON].self))
        }
    }

    subscript(key: String) -> JSON { members[key] ?? .null }

    subscript(index: Int) -> JSON { list.indices.contains(index) ? list[index] : .null }

    var members: [String: JSON] {
        if case .object(let members) = self { members } else { [:] }
    }

    var list: [JSON] {
        if case .list(let list) = self { list } else { [] }
    }

    var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    var integer: Int? {
        if case .number(let number) = self { Int(exactly: number) } else { nil }
    }

    /// The members that are strings.
    var strings: [String: String] { members.compactMapValues(\.string) }
    /// The elements that are strings.
    var words: [String] { list.compactMap(\.string) }

    /// All members of this name, however deep.
    func all(_ key: String) -> [JSON] {
        switch self {
        case .object(let members):
            members.flatMap { $0.key == key ? [$0.value] : $0.value.all(key) }
        case .list(let list): list.flatMap { $0.all(key) }
        default: []
        }
    }

    /// Whether everything of the other one is there, and where; there may be more members.
    func includes(_ other: JSON) -> Bool {
        switch (self, other) {
        case (.object(let own), .object(let others)):
            others.allSatisfy { $0.value == .null || own[$0.key]?.includes($0.value) == true }
        case (.list(let own), .list(let others)):
            own.count == others.count && zip(own, others).allSatisfy { $0.includes($1) }
        default: self == other
        }
    }
}
