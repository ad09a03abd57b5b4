/// A signal, identified by its number on Linux (the same on x86-64 and arm64; signal(7)).
package struct Signal: Hashable, Sendable, CustomStringConvertible {
    /// 1…64.
    package let number: Int32

    package init(number: Int32) {
        self.number = number
    }

    package static let hangup = Signal(number: 1)
    package static let interrupt = Signal(number: 2)
    package static let quit = Signal(number: 3)
    package static let kill = Signal(number: 9)
    package static let pipe = Signal(number: 13)
    package static let terminate = Signal(number: 15)
    package static let child = Signal(number: 17)
    package static let resume = Signal(number: 18)
    package static let stop = Signal(number: 19)
    package static let terminalStop = Signal(number: 20)
    package static let terminalInput = Signal(number: 21)
    package static let terminalOutput = Signal(number: 22)
    package static let urgent = Signal(number: 23)
    package static let windowChange = Signal(number: 28)

    /// The standard signals' names, by number from 1.
    private static let names = [
        "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
        "TERM",
        "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH",
        "IO",
        "PWR", "SYS",
    ]

    /// The name, such as `SIGTERM`; `SIGRTMIN+n` for real-time signals, counted from glibc's 34.
    package var description: String {
        if number >= 1, number <= Signal.names.count { return "SIG" + Signal.names[Int(number) - 1] }
        return number >= 34 && number <= 64 ? "SIGRTMIN+\(number - 34)" : "signal \(number)"
    }
}
