/// An error or an oddity in one ingress rule.
package struct RuleProblem: Error, Equatable, Sendable {
    /// Whether a problem keeps its rule from being used.
    package enum Severity: String, Sendable {
        /// The rule cannot be used.
        case error
        /// The rule works, but the user may have meant something else.
        case warning
    }

    /// A member of a rule's JSON.
    package enum Field: String, Sendable {
        case name = "Name"
        case port = "Port"
        case prefix = "Prefix"
    }

    /// The key of the annotation, or of the label.
    package let key: String
    package let ruleName: String
    package let reason: Reason
    /// The wrong value as it stands in the annotation, escaped and shortened; empty if there is none.
    package let value: String

    init(key: String, ruleName: String, reason: Reason, value: some Collection<UInt8> = [UInt8]()) {
        self.key = key
        self.ruleName = ruleName
        self.reason = reason
        self.value = PrintableText.escape(value, limit: 80)
    }

    package var severity: Severity { reason.severity }

    /// What is wrong or odd, with the wrong value: the end of a sentence.
    package var details: String { reason.text + (value.isEmpty ? "" : ", value \(value)") }

    /// One line for people.
    package var message: String {
        let subject =
            switch severity {
            case _ where reason == .badLabel: "cannot use the label \(key): "
            case .error where ruleName.isEmpty: "cannot use the annotation \(key): "
            case .error: "cannot use the ingress rule \(ruleName): "
            case .warning: "the ingress rule \(ruleName) is odd: "
            }
        return subject + details
    }
}

extension RuleProblem {
    /// What is wrong or odd. The severity follows from it.
    package enum Reason: Error, Equatable, Sendable {
        case noName
        case tooLong
        case notUTF8
        case notAnObject
        case tooDeep
        case notJSON
        /// Two keys give different values: the same key twice, in two cases, or `Port` and `ContainerPort`.
        case conflict(Field)
        case missing(Field)
        /// A port or prefix of another JSON type, such as "a string".
        case wrongType(Field, found: String)
        /// A number with a fraction or an exponent.
        case portNotAnInteger
        case portOutOfRange
        case badText(Field)
        case badLocation(IngressRule.LocationError)

        case givenTwice
        case otherName
        case unusualName
        /// Other rules have the same port.
        case samePort(UInt16, as: [String])
        case samePrefix(as: [String])
        case badLabel

        package var severity: Severity {
            switch self {
            case .givenTwice, .otherName, .unusualName, .samePort, .samePrefix, .badLabel: .warning
            default: .error
            }
        }

        /// What is wrong, as the end of a sentence.
        package var text: String {
            switch self {
            case .noName: "its key has no rule name after the slash"
            case .tooLong: "it is longer than the \(IngressRuleDecoder.sizeLimit) bytes that Kubernetes allows"
            case .notUTF8: "it is not UTF-8"
            case .notAnObject: "it is not a JSON object"
            case .tooDeep: "its JSON is nested more than \(JSONMembers.depthLimit) deep"
            case .notJSON: "it is not valid JSON"
            case .conflict(.port): "it gives its Port (or ContainerPort) more than once, with different values"
            case .conflict(let field): "it gives its \(field.rawValue) more than once, with different values"
            case .missing(let field): "it has no \(field.rawValue)"
            case .wrongType(.port, let found): "its Port is \(found), not an integer"
            case .wrongType(let field, let found): "its \(field.rawValue) is \(found), not a string"
            case .portNotAnInteger: "its Port is not an integer"
            case .portOutOfRange: "its Port is not from 1 to 65535"
            case .badText(let field): "its \(field.rawValue) is not a valid JSON string"
            case .badLocation(let error): "its Prefix is not usable: \(error.reason)"
            case .givenTwice: "its annotation occurs more than once in the file; the last one counts"
            case .otherName: "its Name differs from its annotation's key; the key counts"
            case .unusualName: "its name is not 1 to 20 lower-case letters"
            case .samePort(let port, let others): "it has the same port \(port) as \(others.joined(separator: ", "))"
            case .samePrefix(let others): "it has the same prefix as \(others.joined(separator: ", "))"
            case .badLabel: "it is not <user>-<5 hexadecimal digits>"
            }
        }
    }
}
