import ArgumentParser
import CraterRunCore
import CraterRunLinux

/// The exit codes that are crater-run's own, as sysexits.h has them. ArgumentParser ends a command with 64 by itself.
enum ExitStatus: Int32 {
    /// Configuration: no annotations file, no rule, a bad rule.
    case configuration = 78
}

/// Why a command cannot do what it was asked: "cannot X: why", and what it ends with.
struct CommandFailure: Error, Equatable {
    let message: String
    let status: ExitStatus

    init(_ message: String, status: ExitStatus = .configuration) {
        self.message = message
        self.status = status
    }
}

extension ParsableCommand {
    /// Runs `body`; its failure is printed and becomes the exit code. The one way out of a command but success.
    func reportingFailure(_ body: () throws(CommandFailure) -> Void) throws(ExitCode) {
        do throws(CommandFailure) {
            try body()
        } catch {
            Console.complain(error.message)
            throw ExitCode(error.status.rawValue)
        }
    }
}

/// What commands print. Not `print`, which cannot write bytes that are no text.
enum Console {
    /// Writes a line to standard output.
    static func line(_ text: String) { StandardStream.output.write(Array(text.utf8) + [UInt8(ascii: "\n")]) }

    /// Writes bytes to standard output, with nothing added.
    static func raw(_ bytes: [UInt8]) { StandardStream.output.write(bytes) }

    /// Writes `crater-run: ` and the message to standard error.
    static func complain(_ message: String) { StandardStream.error.write(Array("crater-run: \(message)\n".utf8)) }
}
