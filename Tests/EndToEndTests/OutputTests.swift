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

    private static let tag = Array("[tensorboard] ".utf8)

    @Test(arguments: [
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
    ])
    func isPassedOnByteForByte(bytes: Bytes) throws {
        try withLauncher { launcher in
            let digits = bytes.given.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            launcher.environment["FAKE_DO"] = "hex:\(digits);exit:0"
            try launcher.start("--restart", "never")
            #expect(try launcher.end() == .exited(0))
            #expect(launcher.output.bytes == bytes.wanted, "\(launcher.output.text)")
        }
    }

    @Test func goesWithoutItsTagIfTold() throws {
        try withLauncher { launcher in
            launcher.environment["FAKE_DO"] = "line:plain;exit:0"
            try launcher.start("--restart", "never", "--log-prefix", "never")
            #expect(try launcher.end() == .exited(0))
            #expect(launcher.output.text == "plain\n")
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
    @Test func leavesTheOpenFileOfItsStdoutAsItIs() throws {
        try withLauncher { launcher in
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
