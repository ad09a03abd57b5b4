import ArgumentParser
import CraterRunCore
import CraterRunHTTP
import CraterRunLinux
import FoundationEssentials

struct RestartCommand: AppControlCommand {
    static let verb = AppControl.restart
    static let configuration: CommandConfiguration = describe(
        "Stop an app and start it again.",
        "Earlier restarts no longer count for --max-restarts. Jupyter's kernels end; its token stays the same.")

    @Argument(help: "The app's name, as crater-run status shows it.", completion: Completions.runningApps)
    var app: String
    @Flag(help: "Do not wait until the app has been started again.")
    var noWait = false
}
