import CraterRunCore
import CraterRunLinux
import Foundation

/// A downward-API volume as the kubelet writes it (facts, How it changes).
final class PodInfo {
    let directory: String
    /// The Pod's annotations; ``write()`` brings them to disk.
    var annotations: [String: [UInt8]] = [
        "kubernetes.io/config.seen": Array("2025-03-04T05:06:07.123456789Z".utf8),
        "kubernetes.io/config.source": Array("api".utf8),
        "crater.raids.io/task-name": Array("tensorboard-example".utf8),
    ]
    /// The Pod's labels; none: there is no file of them.
    var labels: [String: String] = [:]
    private var current: String?
    private var writes = 0

    init(directory: String) {
        self.directory = directory
    }

    var path: String { "\(directory)/annotations" }

    /// Sets the rule `name` as the platform writes it; nil removes it.
    func setRule(_ name: String, port: UInt16, prefix: String) {
        setRule(name, value: #"{"Name":"\#(name)","Port":\#(port),"Prefix":"\#(prefix)"}"#)
    }

    func setRule(_ name: String, value: String) {
        annotations["ingress.crater.raids.io/\(name)"] = Array(value.utf8)
    }

    func removeRule(_ name: String) {
        annotations["ingress.crater.raids.io/\(name)"] = nil
    }

    /// The file's content: sorted, quoted by Go, no newline at the end.
    var content: [UInt8] {
        let keys = annotations.keys.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
        let lines = keys.map { "\($0)=\(GoQuotedString.encode(annotations[$0] ?? []))" }
        return Array(lines.joined(separator: "\n").utf8)
    }

    /// Writes the annotations as they are now.
    func write() throws {
        try write(content)
    }

    /// Writes this content: a new directory, a link renamed over `..data`, the old directory deleted.
    func write(_ content: [UInt8]) throws {
        let files = FileManager.default
        writes += 1
        let new = "..2025_03_04_05_06_07.\(String(1_000_000_000 + writes))"
        try files.createDirectory(atPath: "\(directory)/\(new)", withIntermediateDirectories: true)
        try Data(content).write(to: URL(fileURLWithPath: "\(directory)/\(new)/annotations"))
        let lines = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\(GoQuotedString.encode(Array($0.value.utf8)))" }
        if !labels.isEmpty {
            try Data(lines.joined(separator: "\n").utf8)
                .write(to: URL(fileURLWithPath: "\(directory)/\(new)/labels"))
        }
        try files.createSymbolicLink(atPath: "\(directory)/..data_tmp", withDestinationPath: new)
        guard rename("\(directory)/..data_tmp", "\(directory)/..data") == 0 else {
            throw Failure("cannot rename ..data_tmp: \(systemErrorText(errno))")
        }
        if current == nil {
            try files.createSymbolicLink(atPath: path, withDestinationPath: "..data/annotations")
            if !labels.isEmpty {
                try files.createSymbolicLink(atPath: "\(directory)/labels", withDestinationPath: "..data/labels")
            }
        }
        if let current { try files.removeItem(atPath: "\(directory)/\(current)") }
        current = new
    }
}
