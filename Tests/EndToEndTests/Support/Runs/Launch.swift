import CraterRunLinux
import Foundation

/// What the fake app recorded of one of its starts.
struct Launch {
    let directory: String

    private func bytes(_ name: String) -> [UInt8] {
        FileManager.default.contents(atPath: "\(directory)/\(name)").map { Array($0) } ?? []
    }

    private func text(_ name: String) -> String { String(decoding: bytes(name), as: UTF8.self) }

    /// Its words, the program first.
    var arguments: [String] {
        text("argv").split(separator: "\0", omittingEmptySubsequences: false).dropLast().map(String.init)
    }
    /// The same, as bytes.
    var rawArguments: [[UInt8]] {
        bytes("argv").split(separator: 0, omittingEmptySubsequences: false).dropLast().map { Array($0) }
    }
    /// Its /proc/<pid>/limits (by the fake `state` only).
    var limits: String { text("limits") }
    /// Its environment's entries, as they were given.
    var environment: [[UInt8]] { bytes("environ").split(separator: 0).map { Array($0) } }
    var workingDirectory: String { text("cwd") }
    /// Its pid, group and session, in its own pid namespace.
    var pid: Int32 { Int32(text("pid")) ?? -1 }
    var group: Int32 { Int32(text("group")) ?? -1 }
    var session: Int32 { Int32(text("session")) ?? -1 }
    /// Whether orphans below it come to it (by the fake `state` only).
    var isSubreaper: Bool { text("subreaper") == "1" }
    /// What came from its stdin first.
    var input: [UInt8] { bytes("input") }
    /// Its /proc/<pid>/status at the very start (by the fake `state` only).
    var status: [UInt8] { bytes("status") }
    /// What its descriptors are, by number.
    var descriptors: [Int: String] {
        Dictionary(
            uniqueKeysWithValues: text("descriptors").split(separator: "\n").compactMap { line in
                let parts = line.split(separator: " ", maxSplits: 1)
                return parts.count == 2 ? Int(parts[0]).map { ($0, String(parts[1])) } : nil
            }
        )
    }
    /// The signals it got, in order.
    var signals: [Int32] { text("signals").split(separator: "\n").compactMap { Int32($0) } }
}

extension Launcher {
    /// The fake app's starts so far.
    var launches: [Launch] {
        (1...).lazy.map { Launch(directory: "\(self.record)/launch.\($0)") }
            .prefix { FileManager.default.fileExists(atPath: $0.directory) }.map { $0 }
    }

    /// The n-th start, once it is recorded.
    func launch(_ number: Int = 1) throws -> Launch {
        try wait(for: "start \(number) of the app") {
            let launches = self.launches
            return launches.count >= number ? launches[number - 1] : nil
        }
    }

    /// The fake's helpers that were started so far: kind and pid, in the app's pid namespace.
    var children: [(kind: String, pid: Int32)] {
        let text = (try? SmallFile.read("\(record)/children")).map { String(decoding: $0, as: UTF8.self) } ?? ""
        return text.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: " ")
            return parts.count == 2 ? Int32(parts[1]).map { (String(parts[0]), $0) } : nil
        }
    }

    /// Has the running fake do something (Fakes/tensorboard, do_…).
    func tell(_ action: String) throws {
        guard HTTP.get("/do/\(action)", port: port)?.status == 200 else { throw Failure("cannot tell it to \(action)") }
    }

    /// Opens a gate that the fake waits at.
    func open(gate name: String) throws {
        guard FileManager.default.createFile(atPath: "\(record)/\(name)", contents: nil) else {
            throw Failure("cannot open the gate \(name)")
        }
    }

    /// The app's path that answers when it is ready.
    func readiness(under prefix: String? = nil) -> HTTP.Answer? {
        HTTP.get("\(prefix ?? self.prefix)data/environment", port: port)
    }
}
