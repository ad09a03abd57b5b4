package import CraterRunCore
internal import Glibc

/// Finds out whether a stream is a terminal, and what the terminal can show.
package enum TerminalProbe {
    /// The facts as they are now; the size of a window can change at any time.
    package static func facts(of stream: StandardStream) -> TerminalFacts {
        TerminalFacts(
            isTerminal: isatty(stream.rawValue) == 1,
            windowWidth: windowWidth(stream.rawValue),
            columns: environmentVariable("COLUMNS"),
            term: environmentVariable("TERM"),
            noColor: environmentVariable("NO_COLOR")
        )
    }

    /// The width in columns, from TIOCGWINSZ (ioctl_tty(2)). Nil if it is not known: the kernel says 0 on a serial
    /// line, or in a container without a window.
    private static func windowWidth(_ descriptor: Int32) -> Int? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }
}
