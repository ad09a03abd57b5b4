import CraterRunCore
import CraterRunHTTP
import CraterRunLinux

/// What commands print: the one place where their text meets a terminal. Whatever it is made of, it stays in its line and
/// can only be read (``PrintableText``); what is to be taken as it is says so: ``value(_:)``, ``script(_:)``.
///
/// Not `print`, which cannot write bytes that are no text.
enum Console {
    /// Writes a line to standard output.
    static func line(_ text: String) throws(CommandFailure) { try page(Page([text])) }

    /// Writes lines to standard output, at once.
    static func page(_ page: Page) throws(CommandFailure) { try write(Array(page.text.utf8)) }

    /// Writes a table to standard output, as wide and as colourful as that is.
    static func table(_ table: Table) throws(CommandFailure) {
        var page = Page()
        page.add(table, for: TerminalProbe.facts(of: .output))
        try self.page(page)
    }

    /// Draws lines over those that a terminal shows.
    static func redraw(_ page: Page, isFirst: Bool) throws(CommandFailure) {
        // Home, each line to its end, and what is below: without a flicker (ECMA-48).
        let lines = page.text.replacing("\n", with: "\u{1B}[K\n")
        try write(Array("\u{1B}[H\(isFirst ? "\u{1B}[2J" : "")\(lines)\u{1B}[J".utf8))
    }

    /// Writes a value as JSON to standard output.
    static func json(_ value: some Encodable) throws(CommandFailure) {
        try write(Array(JSONText.encode(value).utf8) + [UInt8(ascii: "\n")])
    }

    /// Writes a value that a program asked for to standard output, byte for byte and nothing else. A terminal is no program:
    /// there it can only be read, in the lines that it has.
    static func value(_ bytes: [UInt8]) throws(CommandFailure) {
        guard TerminalProbe.facts(of: .output).isTerminal else { return try write(bytes) }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        try write(Array(lines.map { PrintableText.escape($0) }.joined(separator: "\n").utf8))
    }

    /// Writes a script of ours to standard output.
    static func script(_ text: String) throws(CommandFailure) { try write(Array("\(text)\n".utf8)) }

    /// - Throws: ``CommandFailure`` where it cannot be written: a script must not go on with half a value.
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

    /// Where even that cannot be written, nobody is left to tell.
    private static func complain(_ page: Page) { try? StandardStream.error.write(Array(page.text.utf8)) }
}

extension Console {
    /// A line whose loss is an answer that is lost, not the thing itself.
    static func report(_ text: String) throws(Refusal) {
        do throws(CommandFailure) { try line(text) } catch { throw Refusal(error.message) }
    }
}
