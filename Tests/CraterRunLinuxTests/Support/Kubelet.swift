import CraterRunCore
import Glibc

@testable import CraterRunLinux

/// Writes a downward-API volume as a kubelet does (facts, How it changes): files in a new directory `..<timestamp>`, a link
/// `..data_tmp` renamed over `..data`, the old directory removed.
final class Kubelet {
    let directory: String
    /// The file as the container sees it.
    var path: String { "\(directory)/annotations" }
    private var current: String?
    private var count = 0

    init(_ directory: String) { self.directory = directory }

    /// One TensorBoard rule on this port, among what every real pod has.
    static func annotations(port: Int, seen: Int = 0) -> String {
        [
            #"ingress.crater.raids.io/tensorboard="{\"Name\":\"tensorboard\",\"Port\":\#(port),\"Prefix\":\"/ingress/x/\"}""#,
            #"kubernetes.io/config.seen="2025-01-01T00:00:00.\#(seen)Z""#,
            #"kubernetes.io/config.source="api""#,
        ].joined(separator: "\n")
    }

    /// The volume's new content; `duringSwap` happens when the new directory is there and the link still the old one.
    func write(_ text: String, duringSwap: () throws -> Void = {}) throws {
        count += 1
        let name = "..2025_01_01_00_00_00.\(count)"
        try Files.makeDirectory("\(directory)/\(name)")
        try Files.write(text, to: "\(directory)/\(name)/annotations")
        try Files.link("\(directory)/..data_tmp", to: name)
        try duringSwap()
        try Files.rename("\(directory)/..data_tmp", to: "\(directory)/..data")
        if current == nil { try Files.link(path, to: "..data/annotations") }
        if let current { Files.remove("\(directory)/\(current)") }
        current = name
    }

    func write(port: Int) throws { try write(Kubelet.annotations(port: port)) }
}
