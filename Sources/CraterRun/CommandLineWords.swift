import CraterRunCore
import CraterRunLinux

/// The words of our command line, without the program's name.
struct CommandLineWords {
    /// crater-run's own words, as text: all words, except those from the first `--` of `up` on.
    let own: [String]
    /// The job's command, as the kernel gave it: bytes that need not be UTF-8. Nil without a job.
    let job: [[UInt8]]?
    /// The number of the first word of ``own`` that is not UTF-8, counted from 1; nil if all are UTF-8.
    let firstInvalid: Int?

    /// - Parameter words: of a command line of crater-run, the program's name first.
    init(_ words: [[UInt8]] = ThisProcess.arguments()) {
        var own: [String] = []
        var job: [[UInt8]]?
        var firstInvalid: Int?
        var number = 1
        while number < words.count {
            let word = words[number]
            let text = String(decoding: word, as: UTF8.self)
            if text == "--", own.first == "up" {
                // An image's entry point may end in `--` and have no command after it.
                if number + 1 < words.count { job = Array(words[(number + 1)...]) }
                break
            }
            if firstInvalid == nil, !text.utf8.elementsEqual(word) { firstInvalid = number }
            own.append(text)
            number += 1
        }
        self.own = own
        self.job = job
        self.firstInvalid = firstInvalid
    }

    func failure(at number: Int) -> CommandFailure {
        let text = own.dropFirst(number - 1).first ?? ""
        return CommandFailure(
            "cannot use argument \(number), \(text): it is not UTF-8",
            code: CommandFailure.Code.usage
        )
    }
}
