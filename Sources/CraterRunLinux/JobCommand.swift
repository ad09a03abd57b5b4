internal import CraterRunCore
internal import Glibc

/// The job's command line, as bytes: words need not be UTF-8.
package struct JobCommand: Sendable {
    package let words: [[UInt8]]

    /// - Parameter words: the program, looked for on PATH if it has no slash, and its arguments.
    package init(words: [[UInt8]]) {
        self.words = words
    }

    /// Becomes the job, where the host refuses what it takes to look after it: better alone than not at all.
    ///
    /// - Returns: why it cannot be executed.
    package func execute(_ inherited: InheritedSignals) -> SystemCallError {
        inherited.restore()
        let arguments = CStringList(words)
        guard let program = arguments.pointers.first ?? nil else {
            return SystemCallError(call: "execvp", number: ENOENT)
        }
        _ = arguments.pointers.withUnsafeBufferPointer { list in list.baseAddress.map { execvp(program, $0) } }
        return SystemCallError(call: "execvp", subject: String(cString: program), number: errno)
    }
}
