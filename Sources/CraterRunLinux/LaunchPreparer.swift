internal import CLinux
internal import CraterRunCore
internal import Glibc

/// Does what a plan wants to be done before the app is started.
struct LaunchPreparer {
    let directory: PrivateDirectory

    func prepare(_ preparations: [Preparation]) throws(SystemCallError) {
        for preparation in preparations {
            switch preparation {
            case .directory(let path):
                try directory.make(below: path)
            case .runtimeDirectory(let path, let prefixes):
                try directory.make(below: path)
                for name in Directory.names(in: path) ?? [] where prefixes.contains(where: name.hasPrefix) {
                    unlink("\(path)/\(name)")
                }
            case .token(let path):
                try directory.make(below: String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex)))
                if !FileAccess.exists(path) { try PrivateFile.write(Array(try Token.make().utf8), to: path) }
            }
        }
    }
}

/// Files that their owner alone can read.
enum PrivateFile {
    /// Writes the file, instead of one that is there: whole, or not at all.
    static func write(_ bytes: [UInt8], to path: String) throws(SystemCallError) {
        let new = "\(path).new"
        unlink(new)
        let descriptor = try systemCall("open", on: new) {
            clinux_open(new, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        }
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = try systemCall("write", on: new) {
                Array(rest).withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            }
            rest = rest.dropFirst(written)
        }
        try systemCall("rename", on: path) { rename(new, path) }
    }
}

/// Random tokens.
enum Token {
    private static let size = 24

    /// 48 hexadecimal digits: what the platform's page can read, and as many as Jupyter's own have.
    static func make() throws(SystemCallError) -> String {
        var bytes = [UInt8](repeating: 0, count: size)
        if getentropy(&bytes, size) != 0 {
            // A kernel or sandbox without the call.
            bytes = Array(try SmallFile.read("/dev/urandom", limit: size).prefix(size))
        }
        guard bytes.count == size else { throw SystemCallError(call: "getentropy", number: EIO) }
        return bytes.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0\(digits)" : digits
        }.joined()
    }
}
