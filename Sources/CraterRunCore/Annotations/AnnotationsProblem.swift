/// A line of the annotations file that cannot be read.
package struct AnnotationsProblem: Equatable, Sendable {
    /// What is wrong with the line.
    package enum Reason: Error, Equatable, Sendable {
        case noEqualsSign
        case emptyKey
        case badKey
        case badValue(GoQuotedString.DecodingError)

        package var text: String {
            switch self {
            case .noEqualsSign: "there is no `=`"
            case .emptyKey: "there is no key before the `=`"
            case .badKey: "the key has a character that no annotation's key has"
            case .badValue(let error): error.reason
            }
        }
    }

    /// The line's number, from 1.
    package let line: Int
    package let reason: Reason
    /// The beginning of the line, escaped.
    package let text: String

    init(line: Int, reason: Reason, text: ArraySlice<UInt8>) {
        self.line = line
        self.reason = reason
        self.text = PrintableText.escape(text, limit: 80)
    }

    /// One line for people.
    package var message: String { "cannot read line \(line) of the annotations file: \(reason.text): \(text)" }
}
