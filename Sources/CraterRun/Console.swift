import CraterRunCore
import CraterRunHTTP
import CraterRunLinux

/// Prints the commands' output. All text passes through here: control characters in it are escaped, so that no text can
/// control the terminal or begin a new line (``PrintableText``). Only ``value(_:)`` and ``script(_:)`` print bytes
/// unchanged.
///
/// `print` is not used, since it cannot write bytes that are not UTF-8.
enum Console {
    /// Writes a line to standard output.
    static func line(_ text: String) throws(CommandFailure) { try page(Page([text])) }

    /// Writes lines to standard output in one call.
    static func page(_ page: Page) throws(CommandFailure) { try write(Array(page.text.utf8)) }

    /// Writes a table to standard output, with the width and the colors that the terminal allows.
    static func table(_ table: Table) throws(CommandFailure) {
        var page = Page()
        page.add(table, for: TerminalProbe.facts(of: .output))
        try self.page(page)
    }

    /// Replaces what a terminal shows by a page.
    static func redraw(_ page: Page, isFirst: Bool) throws(CommandFailure) {
        // Go to the top left corner, clear the rest of each line as it is written, then everything below (ECMA-48).
        // Thus the screen does not flicker.
        let lines = page.text.replacing("\n", with: "\u{1B}[K\n")
        try write(Array("\u{1B}[H\(isFirst ? "\u{1B}[2J" : "")\(lines)\u{1B}[J".utf8))
    }

    /// Writes a value as JSON to standard output.
    static func json(_ value: some Encodable) throws(CommandFailure) {
        try write(Array(JSONText.encode(value).utf8) + [UInt8(ascii: "\n")])
    }

    /// Writes a value to standard output, byte for byte and nothing else, for a program to read. If standard output is
    /// a terminal, control characters other than line ends are escaped.
    static func value(_ bytes: [UInt8]) throws(CommandFailure) {
        guard TerminalProbe.facts(of: .output).isTerminal else { return try write(bytes) }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        try write(Array(lines.map { PrintableText.escape($0) }.joined(separator: "\n").utf8))
    }

    /// Writes a script of crater-run's own to standard output.
    static func script(_ text: String) throws(CommandFailure) { try write(Array("\(text)\n".utf8)) }

    /// - Throws: ``CommandFailure`` if the bytes cannot be written: a script must not go on with half a value.
    private static func write(_ bytes: [UInt8]) throws(CommandFailure) {
        do throws(SystemCallError) {
            try StandardStream.output.write(bytes)
        } catch {
            throw CommandFailure("cannot write the output: \(error.reason)", code: CommandFailure.Code.other)
        }
    }
}

extension Console {
    /// Writes `crater-run: ` and the message to standard error.
    static func complain(_ message: String) { complain(Page(["crater-run: \(message)"])) }

    /// Writes a failure to standard error.
    static func complain(_ failure: CommandFailure) {
        complain(Page(failure.messages.map { "crater-run: \($0)" } + failure.below))
    }

    static func complain(_ message: ParserMessage) {
        if message.lines != [""] { complain(Page(message.lines)) }
    }

    /// An error is ignored: if stderr cannot be written, there is no other place for a message.
    private static func complain(_ page: Page) { try? StandardStream.error.write(Array(page.text.utf8)) }
}

extension Console {
    /// Writes a line about a request that has been carried out. If the line cannot be written, only the answer is lost.
    static func report(_ text: String) throws(Refusal) {
        do throws(CommandFailure) { try line(text) } catch { throw Refusal(error.message) }
    }
}
