package import CraterRunCore
internal import CraterRunLinux
import FoundationEssentials
import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1
import NIOPosix

/// How a supervisor answers.
package struct HealthServerOptions: Sendable {
    /// The TCP port for probes and metrics, on all interfaces; nil: none.
    package var port: UInt16?
    package var readyWhen: ReadyWhen
    /// crater-run's own, for those who ask.
    package var version: String
    /// Whether a reactor that no longer turns is the end: so where somebody starts the supervisor again.
    package var endsWithReactor = false
    /// Keeps the names of the apps that are being started when that happens.
    package var noteHang: @Sendable ([String]) -> Void = { _ in }
    /// What a hand-over asks for, as an app.
    package var definition: @Sendable (HandOver) -> Result<AppDefinition, Refusal>
    /// Keeps a hand-over that was accepted as the app of this name, for the supervisor that follows if this one dies.
    package var keep: @Sendable (String, [UInt8]) -> Void = { _, _ in }

    package init(
        port: UInt16?,
        readyWhen: ReadyWhen,
        version: String,
        definition: @escaping @Sendable (HandOver) -> Result<AppDefinition, Refusal>
    ) {
        self.port = port
        self.readyWhen = readyWhen
        self.version = version
        self.definition = definition
    }
}
