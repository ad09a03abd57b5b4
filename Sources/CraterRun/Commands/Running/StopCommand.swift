import ArgumentParser
import CraterRunCore
import CraterRunHTTP
import CraterRunLinux
import FoundationEssentials

struct StopCommand: AppControlCommand {
    static let verb = AppControl.stop
    static let configuration: CommandConfiguration = describe(
        "Stop an app, until it is started again.",
        "The job and the other apps go on. A crater-run that serves only this app ends with it.")

    @Argument(help: "The app's name, as crater-run status shows it.", completion: Completions.runningApps)
    var app: String
    @Flag(help: "Do not wait until the app has ended.")
    var noWait = false
}
