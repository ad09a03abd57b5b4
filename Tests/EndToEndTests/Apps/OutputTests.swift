import CLinux
import Glibc
import Testing

/// How the app's output becomes crater-run's.
@Suite(.timeLimit(TestTime.limit))
struct OutputTests {
    @Test(arguments: Mode.available)
    func isPassedOnLineByLineInOrder(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.environment["FAKE_DO"] = "line:first;error:oops;lines:20000;line:last;exit:0"
            try launcher.start("--restart", "never")
            #expect(try launcher.end() == .exited(0))
            let wanted = ["first"] + (0..<20_000).map { "line \($0)" } + ["last", ""]
            #expect(launcher.output.lines == wanted.map { $0.isEmpty ? "" : "[tensorboard] \($0)" })
            #expect(launcher.errors.lines.contains("[tensorboard] oops"))
        }
    }

    @Test(arguments: Mode.available)
    func keepsALineOfTenMegabytesWhole(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.environment["FAKE_DO"] = "big:10000000;line:after;exit:0"
            try launcher.start("--restart", "never")
            #expect(try launcher.end() == .exited(0))
            let wanted = Array("[tensorboard] ".utf8) + [UInt8](repeating: UInt8(ascii: "x"), count: 10_000_000)
            #expect(launcher.output.bytes == wanted + Array("\n[tensorboard] after\n".utf8))
        }
    }

    struct Bytes: CustomTestStringConvertible {
        /// What the app writes, and what comes out.
        let given: [UInt8]
        let wanted: [UInt8]
        let testDescription: String

        init(_ name: String, _ given: [UInt8], _ wanted: [UInt8]) {
            testDescription = name
            self.given = given
            self.wanted = wanted
        }
    }

    /// As the fake app takes bytes.
    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static let tag = Array("[tensorboard] ".utf8)

    static let bytes = [
        Bytes("no newline at the end", Array("half".utf8), tag + Array("half\n".utf8)),
        Bytes("an empty line", [10], tag + [10]),
        Bytes("NUL", [0, 65, 0, 10], tag + [0, 65, 0, 10]),
        Bytes("invalid UTF-8", [0xFF, 0xC3, 0x28, 10], tag + [0xFF, 0xC3, 0x28, 10]),
        Bytes("CRLF", Array("a\r\nb\r\n".utf8), tag + Array("a\r\n".utf8) + tag + Array("b\r\n".utf8)),
        Bytes(
            "a progress bar",
            Array("1%\r2%\r\n".utf8),
            tag + Array("1%\r".utf8) + tag + Array("2%\r\n".utf8)
        ),
        Bytes("colours", Array("\u{1B}[31mred\u{1B}[0m\n".utf8), tag + Array("\u{1B}[31mred\u{1B}[0m\n".utf8)),
        // The platform looks for this in the pod's log.
        Bytes("a token", token, tag + token),
    ]
    private static let token = Array("http://gpu-7:8888/ingress/liuxw24-cce14/lab?token=0123456789abcdef\n".utf8)

    @Test(arguments: Mode.available, bytes)
    func isPassedOnByteForByte(mode: Mode, bytes: Bytes) throws {
        try withLauncher(mode) { launcher in
            launcher.environment["FAKE_DO"] = "hex:\(Self.hex(bytes.given));exit:0"
            try launcher.start("--restart", "never")
            #expect(try launcher.end() == .exited(0))
            #expect(launcher.output.bytes == bytes.wanted, "\(launcher.output.text)")
        }
    }

    @Test(arguments: Mode.available)
    func goesWithoutItsTagIfTold(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            let all = Self.bytes.filter { $0.given.last == 10 }.flatMap(\.given)
            launcher.environment["FAKE_DO"] = "hex:\(Self.hex(all));line:plain;exit:0"
            try launcher.start("--restart", "never", "--log-prefix", "never")
            #expect(try launcher.end() == .exited(0))
            #expect(launcher.output.bytes == all + Array("plain\n".utf8))
        }
    }

    /// While the app waits for an answer, or works on.
    @Test(arguments: Mode.available)
    func comesAtOnceWhereNobodyCouldWaitForTheEndOfTheLine(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.environment["FAKE_DO"] = "hex:\(Self.hex(Array("Password: ".utf8)));gate:go;line:secret;exit:0"
            try launcher.start("--restart", "never", "--log-prefix", "never")
            try launcher.wait(until: "the prompt") { launcher.output.text == "Password: " }
            try launcher.open(gate: "go")
            #expect(try launcher.end() == .exited(0))
            #expect(launcher.output.text == "Password: secret\n")
        }
        try withLauncher(mode) { launcher in
            launcher.environment["FAKE_DO"] = "hex:\(Self.hex(Array("10%\r".utf8)));gate:go;line:;exit:0"
            try launcher.start("--restart", "never")
            try launcher.wait(until: "the progress") { launcher.output.text == "[tensorboard] 10%\r" }
            try launcher.open(gate: "go")
            #expect(try launcher.end() == .exited(0))
            #expect(launcher.output.text == "[tensorboard] 10%\r\n")
        }
    }

    /// 100 MB in lines of 100 bytes, compared by a program: a test is not optimised.
    @Test(arguments: Mode.available)
    func losesNothingOfABurst(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            var ends: [Int32] = [-1, -1]
            try #require(clinux_pipe(&ends) == 0)
            let expected = "yes \"$(printf '[tensorboard] %099d' 0 | tr 0 x)\" | head -n 1000000"
            let comparison = try SpawnedProcess(
                ["/bin/sh", "-c", "\(expected) | cmp - /dev/fd/3"],
                environment: Launcher.callersEnvironment(["PATH"]),
                streams: [.null, .null, .null, .descriptor(ends[0])])
            close(ends[0])
            launcher.streams = [1: .descriptor(ends[1])]
            launcher.environment["FAKE_DO"] = "burst:1000;exit:0"
            try launcher.start("--restart", "never")
            close(ends[1])
            #expect(try launcher.end() == .exited(0))
            #expect(try comparison.waitForEnd() == .exited(0))
        }
    }

    /// The app's two streams, crater-run's own lines and somebody else's (a job's), all in one pipe.
    @Test(arguments: Mode.available)
    func mixesNoLineWithAnother(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            let pipe = try LineStream()
            launcher.streams = [1: pipe.target, 2: pipe.target]
            launcher.environment["FAKE_DO"] = "both:10000;exit:0"
            try launcher.start("--restart", "never")
            let job = try SpawnedProcess(
                ["/bin/sh", "-c", "i=0; while [ $i -lt 5000 ]; do echo job $i; i=$((i+1)); done"],
                environment: Launcher.callersEnvironment(["PATH"]), streams: [.null, pipe.target, .null])
            pipe.closeWriteEnd()
            try launcher.wait(until: "the end of the output") {
                pipe.drain()
                return pipe.readEnd == -1
            }
            #expect(try launcher.end() == .exited(0))
            #expect(try job.waitForEnd() == .exited(0))
            let lines = pipe.lines.dropLast()
            func numbered(_ name: String) -> [String] {
                (0..<10_000).map { "\(name) \($0) \(String(repeating: "x", count: $0 % 300))." }
            }
            let own = lines.filter { $0.hasPrefix("crater-run: ") }
            let (output, error) = (numbered("[tensorboard] output"), numbered("[tensorboard] error"))
            #expect(lines.filter { $0.hasPrefix("[tensorboard] output") } == output)
            #expect(lines.filter { $0.hasPrefix("[tensorboard] error") } == error)
            #expect(lines.filter { $0.hasPrefix("job") } == (0..<5000).map { "job \($0)" })
            #expect(lines.count == 25_000 + own.count)
        }
    }

    @Test(arguments: Mode.available)
    func mayHaveNowhereToGo(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.streams = [1: .closed]
            launcher.environment["FAKE_DO"] = "lines:1000"
            try launcher.start()
            try launcher.waitUntilReady()
            try launcher.tell("lines:1000")
            #expect(try launcher.stop() == .exited(0))
            #expect(launcher.launches.count == 1)
        }
    }

    @Test(arguments: Mode.available)
    func mayGoToAFullDisk(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
            defer { close(full) }
            launcher.streams = [1: .descriptor(full), 2: .descriptor(full)]
            launcher.environment["FAKE_DO"] = "lines:1000;error:oops"
            try launcher.start()
            try launcher.wait(until: "the app to answer") { launcher.readiness()?.status == 200 }
            try launcher.tell("lines:1000")
            #expect(try launcher.stop() == .exited(0))
            #expect(launcher.launches.count == 1)
        }
    }

    /// The reader has gone (`crater-run … | head`): SIGPIPE must kill neither.
    @Test(arguments: Mode.available)
    func mayHaveLostItsReader(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            var ends: [Int32] = [-1, -1]
            #expect(clinux_pipe(&ends) == 0)
            close(ends[0])
            defer { close(ends[1]) }
            launcher.streams = [1: .descriptor(ends[1])]
            launcher.environment["FAKE_DO"] = "lines:1000"
            try launcher.start()
            try launcher.waitUntilReady()
            try launcher.tell("lines:1000")
            #expect(try launcher.stop() == .exited(0))
            #expect(launcher.launches.count == 1)
        }
    }

    @Test(arguments: Mode.available)
    func stallsNeitherTheAppNorTheStopWhenNobodyReadsIt(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.readsOutput = false
            // More than all buffers on the way hold: the app gets no further unless something gives way.
            launcher.environment["FAKE_DO"] = "lines:1000000;mark:written"
            try launcher.start()
            try launcher.waitUntilReady()
            #expect(try launcher.stop() == .exited(0))
            #expect(launcher.leftovers() == [])
        }
    }

    /// A grandchild that keeps the pipe open hides neither the app's end nor its output.
    @Test(arguments: Mode.available)
    func doesNotHideAnExitBehindAnOpenPipe(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.environment["FAKE_DO"] = "child:pipe;line:the end;exit:6"
            try launcher.start("--restart", "never")
            #expect(try launcher.end() == .exited(6))
            #expect(launcher.output.text.contains("[tensorboard] the end\n"))
            #expect(launcher.leftovers() == [])
        }
    }

    /// Neither a closed descriptor nor a mode of ours may come to others through the open file that we share with them.
    @Test(arguments: Mode.available)
    func leavesTheOpenFileOfItsStdoutAsItIs(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            var ends: [Int32] = [-1, -1]
            #expect(clinux_pipe(&ends) == 0)
            defer { for end in ends { close(end) } }
            launcher.streams = [1: .descriptor(ends[1]), 2: .descriptor(ends[1])]
            try launcher.start()
            try launcher.wait(until: "the app to answer") { launcher.readiness()?.status == 200 }
            let flags = try #require(HostProcesses.descriptorFlags(1, of: launcher.pid).flatMap { Int32($0, radix: 8) })
            #expect(flags & O_NONBLOCK == 0)
            #expect(try launcher.stop() == .exited(0))
        }
    }
}
