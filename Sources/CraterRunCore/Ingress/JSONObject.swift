internal import FoundationEssentials

/// A JSON object whose members are read one by one; keys in lower case. Of a key that is there twice, the last counts.
struct JSONObject {
    private let members: [String: ArraySlice<UInt8>]

    /// Nil for anything else than an object.
    init?(_ bytes: [UInt8]) {
        guard let members = try? IngressRuleDecoder.members(of: bytes) else { return nil }
        self.members = Dictionary(members.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    }

    /// A string's text; nil where there is none.
    func text(_ key: String) -> String? { members[key].flatMap(IngressRuleDecoder.string) }

    /// An integer; nil where there is none.
    func number(_ key: String) -> Int? { members[key].flatMap { Int(String(decoding: $0, as: UTF8.self)) } }

    /// A boolean; nil where there is none.
    func flag(_ key: String) -> Bool? {
        members[key].flatMap { ["true": true, "false": false][String(decoding: $0, as: UTF8.self)] }
    }
}
