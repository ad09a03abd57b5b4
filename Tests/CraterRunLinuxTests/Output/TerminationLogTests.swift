import Testing

@testable import CraterRunLinux

struct TerminationLogTests {
    /// Whoever describes the Pod reads it at a terminal.
    @Test func aValueStaysInItsLine() {
        #expect(TerminationLog.text(of: ["a\nb\u{1B}[31m", "c\u{9B}\u{202E}"]) == "a\\nb\\x1b[31m\nc\\u009b\\u202e")
    }

    @Test func isNoLongerThanTheKubeletReads() {
        #expect(TerminationLog.text(of: [String(repeating: "x", count: 5000)]).utf8.count == 4096)
    }
}
