internal import FoundationEssentials

/// Reads the value of a rule's annotation: a JSON object in one of the three forms that the platform has used.
enum IngressRuleDecoder {
    /// The longest value, in bytes: Kubernetes limits all annotations of an object together to this size.
    static let sizeLimit = 262_144

    /// What is wrong with a value, and which part of the value is wrong.
    struct Failure: Error {
        let reason: RuleProblem.Reason
        let value: ArraySlice<UInt8>
    }

    /// The contents of a rule's annotation.
    struct Contents {
        /// The `Name` as JSON, and as text: the text is nil if the JSON is not a string.
        let name: (json: ArraySlice<UInt8>, text: String?)?
        let port: UInt16
        let prefix: PathPrefix
        let publicHost: PublicHost?
    }

    static func decode(_ bytes: [UInt8]) throws(Failure) -> Contents {
        let members: [(key: String, value: ArraySlice<UInt8>)]
        do throws(RuleProblem.Reason) { members = try self.members(of: bytes) } catch {
            throw Failure(reason: error, value: bytes[...])
        }
        func values(_ keys: String...) -> [ArraySlice<UInt8>] {
            members.filter { keys.contains($0.key) }.map(\.value)
        }
        let names = values("name").map { (json: $0, text: string($0)) }
        if let other = names.dropFirst().first(where: { $0.text != names.first?.text }) {
            throw Failure(reason: .conflict(.name), value: other.json)
        }
        let port = try unique(.port, in: values("port", "containerport"), of: bytes, read: port)
        let location = try unique(.prefix, in: values("prefix"), of: bytes, read: prefix)
        do throws(IngressRule.LocationError) {
            let (prefix, host) = try IngressRule.location(location.value)
            return Contents(name: names.first, port: port.value, prefix: prefix, publicHost: host)
        } catch {
            throw Failure(reason: .badLocation(error), value: location.json)
        }
    }

    /// The object's members, with their keys decoded and in lower case.
    static func members(
        of bytes: [UInt8]
    ) throws(RuleProblem.Reason) -> [(key: String, value: ArraySlice<UInt8>)] {
        guard bytes.count <= sizeLimit else { throw .tooLong }
        // The decoder would accept UTF-16 and UTF-32, which it recognizes by their NUL bytes.
        guard !bytes.contains(0) else { throw .notJSON }
        guard String(validating: bytes, as: UTF8.self) != nil else { throw .notUTF8 }
        let members = try JSONMembers(bytes[...]).members
        guard (try? JSONDecoder().decode(AnyValue.self, from: Data(bytes))) != nil else { throw .notJSON }
        return members.compactMap { member in string(member.key).map { (lowercase($0), member.value) } }
    }

    /// The one value on which all `candidates` agree.
    private static func unique<Value: Equatable>(
        _ field: RuleProblem.Field,
        in candidates: [ArraySlice<UInt8>],
        of bytes: [UInt8],
        read: (ArraySlice<UInt8>) throws(RuleProblem.Reason) -> Value
    ) throws(Failure) -> (value: Value, json: ArraySlice<UInt8>) {
        var found: (value: Value, json: ArraySlice<UInt8>)?
        for json in candidates {
            let value: Value
            do throws(RuleProblem.Reason) { value = try read(json) } catch { throw Failure(reason: error, value: json) }
            if let found, found.value != value { throw Failure(reason: .conflict(field), value: json) }
            found = found ?? (value, json)
        }
        guard let found else { throw Failure(reason: .missing(field), value: bytes[...]) }
        return found
    }

    private static func port(_ json: ArraySlice<UInt8>) throws(RuleProblem.Reason) -> UInt16 {
        guard let first = json.first, first == UInt8(ascii: "-") || Byte.isDigit(first) else {
            throw .wrongType(.port, found: kind(of: json))
        }
        let digits = first == UInt8(ascii: "-") ? json.dropFirst() : json
        guard !digits.isEmpty, digits.allSatisfy(Byte.isDigit) else { throw .portNotAnInteger }
        // A number that does not fit, however long, is out of range; so is -0.
        guard let port = UInt16(String(decoding: json, as: UTF8.self)), port > 0 else { throw .portOutOfRange }
        guard first != UInt8(ascii: "0") else { throw .notJSON }
        return port
    }

    private static func prefix(_ json: ArraySlice<UInt8>) throws(RuleProblem.Reason) -> String {
        guard json.first == Byte.doubleQuote else { throw .wrongType(.prefix, found: kind(of: json)) }
        guard let text = string(json) else { throw .badText(.prefix) }
        return text
    }

    static func string(_ json: ArraySlice<UInt8>) -> String? {
        try? JSONDecoder().decode(String.self, from: Data(json))
    }

    /// Changes ASCII letters only: the platform's keys are ASCII.
    private static func lowercase(_ text: String) -> String {
        String(decoding: text.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }

    /// The JSON type of a value by its first byte, with an article.
    private static func kind(of json: ArraySlice<UInt8>) -> String {
        switch json.first {
        case Byte.doubleQuote: "a string"
        case UInt8(ascii: "{"): "an object"
        case UInt8(ascii: "["): "an array"
        case UInt8(ascii: "n"): "null"
        case UInt8(ascii: "t"), UInt8(ascii: "f"): "a boolean"
        default: "a number"
        }
    }

    /// Any JSON value: decoding one checks the grammar and keeps nothing.
    private struct AnyValue: Decodable {
        init(from decoder: any Decoder) {}
    }
}
