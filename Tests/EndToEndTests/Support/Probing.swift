import CraterRunLinux
import Foundation
import Glibc

extension Launcher {
    /// What a kubelet is answered.
    func probe(_ path: String) -> HTTP.Answer? { HTTP.get(path, port: healthPort) }

    /// Waits until a kubelet is answered so.
    @discardableResult
    func wait(for path: String, toAnswer status: Int) throws -> String {
        var last: HTTP.Answer?
        do {
            return try wait(for: "\(status) from \(path)") {
                last = probe(path)
                return last?.status == status ? last?.body : nil
            }
        } catch {
            throw Failure("last: \(last.map { "\($0)" } ?? "no answer"). \(error)")
        }
    }

    /// Runs a command of crater-run's beside the one that serves, and waits for its end.
    func succeeds(_ words: String...) throws -> Bool {
        try SpawnedProcess([TestBinary.path] + words, environment: entries).waitForEnd() == .exited(0)
    }

    /// The control socket of the supervisor that came first.
    var controlSocket: String { "\(root)/run/control.sock" }

    /// The app's first process, by its pid here.
    func fakePID(_ number: Int = 1) throws -> Int32 {
        guard let pid = hostPID(of: try launch(number).pid) else { throw Failure("the app is not there\n\(log)") }
        return pid
    }
}
