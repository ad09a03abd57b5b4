import ArgumentParser
import CraterRunCore
import CraterRunHTTP
import CraterRunLinux
import FoundationEssentials

struct RestartCommand: AppControlCommand {
    static let verb = AppControl.restart
    static let configuration: CommandConfiguration = describe(
        "Stop an app and start it again.",
        "Its restarts so far are forgiven. Jupyter's kernels end; its token stays the same.")

    @Argument(help: "The app's name, as crater-run status has it.", completion: Completions.runningApps)
    var app: String
    @Flag(help: "Do not wait until it has been started again.")
    var noWait = false
}
