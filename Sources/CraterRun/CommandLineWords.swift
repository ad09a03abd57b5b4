import CraterRunCore
import CraterRunLinux

/// The words of our command line, without the program's name.
struct CommandLineWords {
    /// Ours, as text: all of them, but for what follows the first `--` of `up`.
    let own: [String]
    /// The job's command, as the kernel gave it: bytes that need not be UTF-8. Nil where there is none.
    let job: [[UInt8]]?
    /// The number of the first word of ours that is not UTF-8, counted from 1; nil if all are.
    let firstInvalid: Int?

    init() {
        let words = ThisProcess.arguments().dropFirst()
        let hasJob = words.first.map { $0.elementsEqual("up".utf8) } ?? false
        let end = hasJob ? words.firstIndex { $0.elementsEqual("--".utf8) } : nil
        // An image's entry point may end in `--` and have no command after it.
        job = end.flatMap { $0 + 1 < words.endIndex ? Array(words[($0 + 1)...]) : nil }
        let ours = words[..<(end ?? words.endIndex)]
        own = ours.map { String(decoding: $0, as: UTF8.self) }
        firstInvalid = ours.firstIndex { String(validating: $0, as: UTF8.self) == nil }
    }

    func failure(at number: Int) -> CommandFailure {
        let text = own.dropFirst(number - 1).first ?? ""
        return CommandFailure(
            "cannot use argument \(number), \(text): it is not UTF-8",
            code: CommandFailure.Code.usage
        )
    }
}
