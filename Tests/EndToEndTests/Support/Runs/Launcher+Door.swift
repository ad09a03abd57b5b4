import CraterRunCore
import Glibc

extension Launcher {
    /// The front door's pid on this machine.
    ///
    /// - Parameter last: a door that is not meant.
    func doorPID(after last: Int32? = nil) throws -> Int32 {
        try wait(for: "a front door") {
            living().first { $0.name == "crater-run-door" && $0.identity.pid != last }?.identity.pid
        }
    }

    /// What the readiness path answers through the front door, once somebody answers.
    func answer(
        under prefix: String? = nil, at port: UInt16? = nil, fields: [String] = []
    ) throws -> HTTP.Answer {
        try wait(for: "an answer of the front door") {
            HTTP.get("\(prefix ?? self.prefix)data/environment", port: port ?? self.port, fields: fields)
        }
    }

    /// Waits until the readiness path answers with this status. The front door learns that an app is ready a moment after
    /// the log line may be read.
    @discardableResult
    func waitUntilAnswered(
        _ status: Int, saying text: String = "", under prefix: String? = nil, at port: UInt16? = nil,
        fields: [String] = []
    ) throws -> HTTP.Answer {
        try wait(for: "\(status) from the front door") {
            let answer = HTTP.get(
                "\(prefix ?? self.prefix)data/environment", port: port ?? self.port, fields: fields)
            return answer.flatMap { $0.status == status && (text.isEmpty || $0.body.contains(text)) ? $0 : nil }
        }
    }
}
