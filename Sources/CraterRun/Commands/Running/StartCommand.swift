import ArgumentParser
import CraterRunCore
import CraterRunHTTP
import CraterRunLinux
import FoundationEssentials

struct StartCommand: AppControlCommand {
    static let verb = AppControl.start
    static let configuration: CommandConfiguration = describe(
        "Start an app that was stopped or has failed.", "An app that already runs is left as it is.")

    @Argument(help: "The app's name, as crater-run status shows it.", completion: Completions.runningApps)
    var app: String
    @Flag(help: "Do not wait until the app has been started.")
    var noWait = false
}
