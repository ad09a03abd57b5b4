import ArgumentParser
import CraterRunCore
import CraterRunLinux

/// Why a command cannot do what it was asked: "cannot X: why", and what it ends with.
struct CommandFailure: Error, Equatable {
    /// The exit codes that are crater-run's own, as sysexits.h has them; 126 and 127 as a shell has them.
    enum Code {
        static let usage: Int32 = 64
        static let unavailable: Int32 = 69
        static let configuration: Int32 = 78
        static let other: Int32 = 1
    }

    let message: String
    let code: Int32

    init(_ message: String, code: Int32 = Code.configuration) {
        self.message = message
        self.code = code
    }

    /// Prints why a command ended, and ends with its code: the one way out but success. What the argument parser threw
    /// (a wrong option, a call for help) is its own to print.
    static func exit(with error: any Error) -> Never {
        guard let failure = error as? CommandFailure else { CraterRun.exit(withError: error) }
        Console.complain(failure.message)
        TerminationLog.write(failure.message)
        ThisProcess.exit(failure.code)
    }
}

/// What commands print. Not `print`, which cannot write bytes that are no text.
enum Console {
    /// Writes a line to standard output.
    static func line(_ text: String) throws(CommandFailure) { try raw(Array(text.utf8) + [UInt8(ascii: "\n")]) }

    /// Writes a table to standard output, as wide and as colourful as that is.
    static func table(_ table: Table) throws(CommandFailure) {
        try line(table.render(for: TerminalProbe.facts(of: .output)))
    }

    /// Writes bytes to standard output, with nothing added.
    ///
    /// - Throws: ``CommandFailure`` where it cannot be written: a script must not go on with half a value.
    static func raw(_ bytes: [UInt8]) throws(CommandFailure) {
        do throws(SystemCallError) {
            try StandardStream.output.write(bytes)
        } catch {
            throw CommandFailure("cannot write the output: \(error.reason)", code: CommandFailure.Code.other)
        }
    }

    /// Writes `crater-run: ` and the message to standard error.
    /// Where even that cannot be written, nobody is left to tell.
    static func complain(_ message: String) {
        try? StandardStream.error.write(Array("crater-run: \(message)\n".utf8))
    }
}

extension String {
    /// Without control characters, with which a text from outside could play with the terminal.
    var printable: String { Table.Cell(self).text }
}
