import Foundation

/// Commands that prepare a test. Files that are to be executed are written by processes of their own: a descriptor that
/// is open for writing in this process could be inherited for a moment by something that another test starts, and the
/// file would be busy (ETXTBSY).
enum Shell {
    static func run(_ script: String, _ arguments: String...) throws {
        let words = ["/bin/sh", "-euc", script, "sh"] + arguments
        let process = try SpawnedProcess(words, environment: Launcher.callersEnvironment(["PATH", "HOME"]))
        let ending = try process.waitForEnd(within: .seconds(120))
        guard ending == .exited(0) else { throw Failure("\(ending): \(script)") }
    }

    /// The Python interpreter itself, whatever stands before it on PATH.
    static let python: String = {
        guard let output = try? LineStream(),
            let process = try? SpawnedProcess(
                ["python3", "-c", "import os, sys; print(os.path.realpath(sys.executable))"],
                environment: Launcher.callersEnvironment(["PATH", "HOME", "PYENV_ROOT", "PYENV_VERSION"]),
                streams: [.null, output.target, .null]
            ), (try? process.waitForEnd()) == .exited(0)
        else { return "/usr/bin/python3" }
        output.drain()
        return output.lines.first ?? "/usr/bin/python3"
    }()
}
