internal import CLinux
internal import Glibc
internal import Synchronization

/// What a run keeps in memory if it has no private directory: tokens, and which of them were announced. Beside a job
/// the init role holds the memory, so that it outlives the supervisors.
package final class RunMemory: Sendable {
    private struct State {
        var values: [String: String] = [:]
        /// A file in memory with a line for each change; nil if there is none.
        var file: Int32?
        /// The secret that each app was given at its last launch.
        var given: [String: String] = [:]
    }

    private static let limit = 1 << 20
    private let state: Mutex<State>

    /// - Parameter inherited: the file in memory, which an earlier supervisor may have written to.
    package init(inherited: Int32? = nil) {
        state = Mutex(State(values: inherited.map(RunMemory.read) ?? [:], file: inherited))
    }

    deinit { if let file = state.withLock({ $0.file }) { close(file) } }

    /// A file in memory for a child to inherit.
    static func makeFile() throws(SystemCallError) -> Int32 {
        try systemCall("memfd_create") { clinux_memory_file("crater-run") }
    }

    /// The value that is kept under a name. A value can be changed, but not removed.
    subscript(name: String) -> String? {
        get { state.withLock { $0.values[name] } }
        set {
            guard let newValue else { return }
            state.withLock { state in
                state.values[name] = newValue
                guard let file = state.file else { return }
                lseek(file, 0, SEEK_END)
                let line = [name, newValue].map { $0.utf8.map(Hexadecimal.digits(of:)).joined() }.joined(separator: " ")
                try? SmallFile.writeAll(Array("\(line)\n".utf8), to: file, path: "memory")
            }
        }
    }

    /// The secret that an app was given.
    func given(to app: String) -> String? { state.withLock { $0.given[app] } }

    func give(_ secret: String, to app: String) { state.withLock { $0.given[app] = secret } }

    private static func read(_ file: Int32) -> [String: String] {
        lseek(file, 0, SEEK_SET)
        let bytes = (try? SmallFile.readRegular(file, path: "memory", limit: limit)) ?? []
        var values: [String: String] = [:]
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: " ", omittingEmptySubsequences: false).map {
                Hexadecimal.text(of: $0.utf8)
            }
            if parts.count == 2 { values[parts[0]] = parts[1] }
        }
        return values
    }
}
