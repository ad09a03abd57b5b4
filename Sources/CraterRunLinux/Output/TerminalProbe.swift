package import CraterRunCore
internal import Glibc

/// Looks at the terminal that a stream is, if it is one.
package enum TerminalProbe {
    /// What there is to know of it now; a window can change its size at any time.
    package static func facts(of stream: StandardStream) -> TerminalFacts {
        TerminalFacts(
            isTerminal: isatty(stream.rawValue) == 1,
            windowWidth: windowWidth(stream.rawValue),
            columns: environmentVariable("COLUMNS"),
            term: environmentVariable("TERM"),
            noColor: environmentVariable("NO_COLOR")
        )
    }

    /// By TIOCGWINSZ (ioctl_tty(2)); 0 where nobody has said, as on a serial line or in a container without a window.
    private static func windowWidth(_ descriptor: Int32) -> Int? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }
}
