import CraterRunCore
import CraterRunLinux

/// Runs the init role with hard options, until the command `up` is there:
/// `crater-run init-probe [--signal-group] [--stop-signal N] [--grace-period T] [--linger T] [--supervisor WORD]… -- CMD…`
enum InitProbe {
    static func runIfAsked(inherited: InheritedSignals) {
        let words = (0..<Int(CommandLine.argc)).compactMap { CommandLine.unsafeArgv[$0] }.map { word in
            Array(String(cString: word).utf8.count == 0 ? [] : bytes(word))
        }
        guard words.count > 1, words[1] == Array("init-probe".utf8) else { return }
        let end = words.firstIndex(of: Array("--".utf8)) ?? words.count
        var flags = words[2..<end].map { String(decoding: $0, as: UTF8.self) }[...]
        var options = InitOptions(isProcessOne: ThisProcess.isProcessOne, hasSupervisor: false)
        var supervisor: [String] = []
        while let flag = flags.popFirst() {
            switch flag {
            case "--signal-group": options.signalGroup = true
            case "--stop-signal":
                options.stopSignal = Signal(number: flags.popFirst().flatMap { Int32($0) } ?? 15)
            case "--grace-period": options.gracePeriod = flags.popFirst().flatMap { DurationText.parse($0) }
            case "--linger": options.linger = flags.popFirst().flatMap { DurationText.parse($0) } ?? .zero
            case "--supervisor": supervisor.append(flags.popFirst() ?? "")
            default: ThisProcess.exit(64)
            }
        }
        options.hasSupervisor = !supervisor.isEmpty
        do throws(SystemCallError) {
            let role = InitRole(
                on: try Reactor(inherited: inherited),
                options: options,
                job: JobCommand(words: Array(words[min(end + 1, words.count)...])),
                supervisor: SupervisorCommand(program: supervisor.first, arguments: supervisor),
                nonce: ThisProcess.nonce(),
                logLevel: .info
            )
            ThisProcess.exit(role.run())
        } catch {
            Console.complain("\(error)")
            ThisProcess.exit(1)
        }
    }

    private static func bytes(_ word: UnsafeMutablePointer<CChar>) -> [UInt8] {
        var bytes: [UInt8] = []
        var cursor = word
        while cursor.pointee != 0 {
            bytes.append(UInt8(bitPattern: cursor.pointee))
            cursor += 1
        }
        return bytes
    }
}
