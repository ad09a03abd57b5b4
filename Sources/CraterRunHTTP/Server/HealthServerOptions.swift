package import CraterRunCore
internal import CraterRunLinux
import FoundationEssentials
import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1
import NIOPosix

/// The options of a supervisor's server.
package struct HealthServerOptions: Sendable {
    /// The TCP port for probes and metrics, on all interfaces; nil for none.
    package var port: UInt16?
    package var readyWhen: ReadyWhen
    /// crater-run's own version, as answers show it.
    package var version: String
    /// Whether the supervisor ends when its reactor no longer turns. It should where another process starts it again.
    package var endsWithReactor = false
    /// Keeps the names of the apps that were being started when the reactor stopped turning.
    package var noteHang: @Sendable ([String]) -> Void = { _ in }
    /// Turns a hand-over into the app that it asks for.
    package var definition: @Sendable (HandOver) -> Result<AppDefinition, HandOver.Failure>
    /// Keeps the body of a hand-over that was accepted, by the name of the app, for the next supervisor if this one
    /// dies.
    package var keep: @Sendable (String, [UInt8]) -> Void = { _, _ in }

    package init(
        port: UInt16?,
        readyWhen: ReadyWhen,
        version: String,
        definition: @escaping @Sendable (HandOver) -> Result<AppDefinition, HandOver.Failure>
    ) {
        self.port = port
        self.readyWhen = readyWhen
        self.version = version
        self.definition = definition
    }
}
