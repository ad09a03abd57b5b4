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

    /// What is wrong, one thing each.
    let messages: [String]
    /// Lines below them: what is to be copied.
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

    /// All of it in one line.
    var message: String { messages.joined(separator: "; ") }

    /// Prints why a command ended, and ends with its code: the one way out but success.
    ///
    /// - Parameter words: the command line. What the argument parser says of a wrong one repeats words of it.
    static func exit(with error: any Error, words: [String]) -> Never {
        if let failure = error as? CommandFailure {
            Console.complain(failure)
            TerminationLog.write(failure.messages + failure.below)
            ThisProcess.exit(failure.code)
        }
        let code = CraterRun.exitCode(for: error)
        // A call for help, or for the version: nobody's words but ours.
        guard code != .success else { CraterRun.exit(withError: error) }
        Console.complain(ParserMessage(CraterRun.fullMessage(for: error), words: words))
        ThisProcess.exit(code.rawValue)
    }
}
