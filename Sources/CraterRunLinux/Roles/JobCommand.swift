internal import CLinux
internal import CraterRunCore
internal import Glibc

/// The job's command line, as bytes: words need not be UTF-8.
package struct JobCommand: Sendable {
    package let words: [[UInt8]]

    /// - Parameter words: the program, looked for on PATH if it has no slash, and its arguments.
    package init(words: [[UInt8]]) {
        self.words = words
    }

    /// Executes the job in place of this process, for a host that refuses what crater-run needs to look after the job:
    /// the job shall at least run alone.
    ///
    /// - Returns: the reason why the job cannot be executed.
    package func execute(_ inherited: InheritedSignals) -> SystemCallError {
        guard let word = words.first else { return SystemCallError(call: "execve", number: ENOENT) }
        inherited.restore()
        let image = ProgramImage(word: word, arguments: words, environment: nil)
        let subject = String(decoding: word, as: UTF8.self)
        do throws(SystemCallError) {
            return try image.withProgram { program throws(SystemCallError) in
                var program = program
                return SystemCallError(call: "execve", subject: subject, number: clinux_execute(&program))
            }
        } catch { return error }
    }
}
