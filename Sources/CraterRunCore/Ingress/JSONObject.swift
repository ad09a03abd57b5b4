internal import FoundationEssentials

/// A JSON object whose members are read one by one. Keys are in lower case; if a key occurs twice, the last value
/// counts.
struct JSONObject {
    private let members: [String: ArraySlice<UInt8>]

    /// Nil if `bytes` is not an object.
    init?(_ bytes: [UInt8]) {
        guard let members = try? IngressRuleDecoder.members(of: bytes) else { return nil }
        self.members = Dictionary(members.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    }

    /// The member's text; nil if there is no such string.
    func text(_ key: String) -> String? { members[key].flatMap(IngressRuleDecoder.string) }

    /// The member's value; nil if there is no such integer.
    func number(_ key: String) -> Int? { members[key].flatMap { Int(String(decoding: $0, as: UTF8.self)) } }

    /// The member's value; nil if there is no such boolean.
    func flag(_ key: String) -> Bool? {
        members[key].flatMap { ["true": true, "false": false][String(decoding: $0, as: UTF8.self)] }
    }
}
