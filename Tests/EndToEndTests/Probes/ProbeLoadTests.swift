import CraterRunLinux
import Foundation
import Glibc
import Testing

/// Many requests, and clients that never end theirs.
@Suite(.timeLimit(TestTime.limit))
struct ProbeLoadTests {
    private let paths = ["/livez", "/readyz", "/readyz/tensorboard", "/startupz", "/metrics", "/readyz?verbose"]

    /// The supervisor's resident memory in KiB.
    private func memory(_ pid: Int32) -> Int { HostProcesses.field("VmRSS", of: pid)?.first.flatMap { Int($0) } ?? -1 }

    private func descriptors(_ pid: Int32) -> Int { Directory.names(in: "/proc/\(pid)/fd")?.count ?? -1 }

    @Test func slowClientsTakeNothingFromTheOthers() throws {
        try withLauncher { launcher in
            try launcher.startUp(["--app", "tensorboard"])
            try launcher.wait(for: "/readyz", toAnswer: 200)
            let supervisor = try launcher.supervisorPID()
            // What it needs once, it may have.
            for _ in 0..<20 { for path in paths { #expect(launcher.probe(path)?.status == 200) } }
            let (memoryBefore, before) = (memory(supervisor), descriptors(supervisor))
            do {
                let slow = try (0..<50).map { _ in try KeptConnection(port: launcher.healthPort) }
                for connection in slow { connection.send("GET /readyz HTTP/1.1\r\nHost: localhost\r\nX: ") }
                var failures: [String] = []
                for _ in 0..<100 {
                    // Kept for ten requests each, and one that is not kept.
                    let kept = try KeptConnection(port: launcher.healthPort)
                    for path in paths + paths.prefix(4) {
                        if kept.status(path) != 200 { failures.append("\(path), kept") }
                    }
                    for path in paths + paths.prefix(4) where launcher.probe(path)?.status != 200 {
                        failures.append(path)
                    }
                }
                #expect(failures == [])
                #expect(slow.count == 50)
            }
            // 2,000 answers; a few KiB of each would be seen.
            #expect(memory(supervisor) < memoryBefore + (12 << 10), "\(memoryBefore) KiB before")
            try launcher.wait(until: "descriptors are as they were: \(before)") { descriptors(supervisor) <= before }
            #expect(try launcher.supervisorPID() == supervisor)
            #expect(launcher.launches.count == 1)
        }
    }

    /// More of them than it takes at once (docs/probes.md, Limits).
    @Test func aCrowdOfSlowClientsKeepsNoKubeletOut() throws {
        try withLauncher { launcher in
            try launcher.startUp(["--app", "tensorboard"])
            try launcher.wait(for: "/readyz", toAnswer: 200)
            let crowd = try (0..<300).map { _ in
                let connection = try KeptConnection(port: launcher.healthPort)
                connection.send("GET /readyz HTTP/1.1\r\n")
                return connection
            }
            for path in paths { #expect(launcher.probe(path)?.status == 200) }
            #expect(launcher.readiness()?.status == 200)
            #expect(crowd.count == 300)
        }
    }
}

/// A connection that is kept for several requests, or for none that ends.
private final class KeptConnection {
    private let descriptor: Int32
    private var received: [UInt8] = []

    init(port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        guard Port.withAddress(0x7F00_0001, port, { connect(descriptor, $0, $1) }) == 0 else {
            throw Failure("cannot connect: \(systemErrorText(errno))")
        }
    }

    deinit { close(descriptor) }

    func send(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// The status of the answer to a GET, which is taken to its end; nil if there is none.
    func status(_ path: String) -> Int? {
        send("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n")
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let text = String(decoding: received, as: UTF8.self)
            if let end = text.range(of: "\r\n\r\n"), let field = text.range(of: "Content-Length: "),
                let size = Int(text[field.upperBound...].prefix { $0.isNumber }),
                text[end.upperBound...].utf8.count >= size
            {
                received = Array(text[end.upperBound...].utf8.dropFirst(size))
                return text.split(separator: " ", maxSplits: 2).dropFirst().first.flatMap { Int($0) }
            }
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            received += buffer.prefix(count)
        }
    }
}
