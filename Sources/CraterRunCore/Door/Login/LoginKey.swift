/// The key of the front door's login for one app. Its text is in no description, so that no log line has it by accident.
package struct LoginKey: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    /// The fewest bytes of a key that a user gives.
    package static let shortest = 8
    /// The most bytes: a link with the key must fit into one line of a log (PIPE_BUF, 4096 bytes).
    package static let longest = 512

    /// From this many bytes on, no number of guesses finds a key. A random key of ours has more.
    static let unguessable = 24

    /// The environment variable with a key of the user's own.
    package static let variable = "CRATER_RUN_LOGIN_KEY"

    package let text: String

    /// - Parameter text: white space around the key, such as the line end of a file, does not count.
    /// - Throws: ``Refusal`` with what is wrong with the key, as the end of a sentence.
    package init(_ text: String) throws(Refusal) {
        let key = LoginKey.trimmed(text)
        guard !key.isEmpty else { throw Refusal("it is empty") }
        guard key.utf8.count >= LoginKey.shortest else {
            throw Refusal("it is shorter than \(LoginKey.shortest) bytes, and can be guessed")
        }
        guard key.utf8.count <= LoginKey.longest else {
            throw Refusal("it is longer than \(LoginKey.longest) bytes")
        }
        guard key.unicodeScalars.allSatisfy(PrintableText.isPrintable) else {
            throw Refusal("it has characters that cannot be typed")
        }
        self.text = key
    }

    private static func trimmed(_ text: String) -> String {
        let rest = text.drop(while: \.isWhitespace)
        return String(rest.reversed().drop(while: \.isWhitespace).reversed())
    }

    /// The end of a link: a fragment reaches no log and no Referer.
    package var fragment: String { "#key=\(PercentEncoding.encode(text))" }

    package var description: String { "(a key)" }
    package var debugDescription: String { description }
}
