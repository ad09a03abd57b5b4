import ArgumentParser
import CraterRunCore
import CraterRunLinux

/// The failure of a command: messages of the form "cannot X: why", and the exit code.
struct CommandFailure: Error, Equatable {
    /// crater-run's own exit codes, as in sysexits.h. Besides these, 126 and 127 mean the same as in a shell.
    enum Code {
        static let usage: Int32 = 64
        static let unavailable: Int32 = 69
        static let configuration: Int32 = 78
        static let other: Int32 = 1
    }

    /// One message for each thing that is wrong.
    let messages: [String]
    /// Lines to print below the messages, for the user to copy.
    let below: [String]
    let code: Int32

    init(_ messages: [String], below: [String] = [], code: Int32 = Code.configuration) {
        self.messages = messages
        self.below = below
        self.code = code
    }

    init(_ message: String, below: [String] = [], code: Int32 = Code.configuration) {
        self.init([message], below: below, code: code)
    }

    /// All messages in one line.
    var message: String { messages.joined(separator: "; ") }

    /// Prints why a command failed, and ends the process with the failure's exit code.
    ///
    /// - Parameter words: the command line. The argument parser's message about a wrong command line repeats its words.
    static func exit(with error: any Error, words: [String]) -> Never {
        if let failure = error as? CommandFailure {
            Console.complain(failure)
            TerminationLog.write(failure.messages + failure.below)
            ThisProcess.exit(failure.code)
        }
        let code = CraterRun.exitCode(for: error)
        // The user asked for help or for the version, so this text contains no words of the command line.
        guard code != .success else { CraterRun.exit(withError: error) }
        Console.complain(ParserMessage(CraterRun.fullMessage(for: error), words: words))
        ThisProcess.exit(code.rawValue)
    }
}
