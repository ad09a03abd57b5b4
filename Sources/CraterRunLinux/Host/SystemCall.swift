internal import CLinux
internal import Glibc

/// The text of an errno value, as strerror_r(3) gives it.
package func systemErrorText(_ number: Int32) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
        guard let base = buffer.baseAddress else { return "error \(number)" }
        buffer.initialize(repeating: 0)
        // glibc's strerror_r may return a constant string instead of filling the buffer.
        guard strerror_r(number, base, buffer.count) == 0 else { return "error \(number)" }
        return String(cString: base)
    }
}

/// All system calls go through this function: it repeats them on EINTR, and captures errno at once.
///
/// - Returns: the call's result, never -1.
/// - Throws: ``SystemCallError`` if the call returns -1 for any reason but EINTR.
@discardableResult
package func systemCall<Result: FixedWidthInteger & SignedInteger>(
    _ name: String,
    on subject: @autoclosure () -> String,
    _ body: () -> Result
) throws(SystemCallError) -> Result {
    while true {
        // errno is read before anything else may change it.
        let (result, number) = WaitingCall.on(subject()) { () -> (Result, Int32) in
            let result = body()
            return (result, result == -1 ? errno : 0)
        }
        guard result == -1 else { return result }
        if number == EINTR { continue }
        throw SystemCallError(call: name, subject: subject(), number: number)
    }
}

/// The same for a call without a path: such a call does not hang.
@discardableResult
package func systemCall<Result: FixedWidthInteger & SignedInteger>(
    _ name: String,
    _ body: () -> Result
) throws(SystemCallError) -> Result {
    while true {
        let result = body()
        // errno is read before anything else may change it.
        let number = result == -1 ? errno : 0
        guard result == -1 else { return result }
        if number == EINTR { continue }
        throw SystemCallError(call: name, number: number)
    }
}
