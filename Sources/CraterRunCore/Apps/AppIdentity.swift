/// What ingress rules need to know of an app: its name, the names of its rules, and its port.
package struct AppIdentity: Equatable, Sendable {
    /// The command's word for the app, such as `tensorboard`; also its name in messages.
    package let name: String
    /// The names of ingress rules that belong to the app, its own name first.
    package let ruleNames: [String]
    /// The app's usual port, 1…65535. The one rule on this port belongs to the app if no rule has the app's name. Nil
    /// for an app without a usual port: its rule is found by name alone.
    package let defaultPort: UInt16?

    package init(name: String, ruleNames: [String], defaultPort: UInt16?) {
        self.name = name
        self.ruleNames = ruleNames
        self.defaultPort = defaultPort
    }

    /// The variable that names the app's program: `CRATER_RUN_CODE_SERVER_EXECUTABLE` for code-server.
    package var executableVariable: String {
        let name = String(name.uppercased().map { $0 == "-" ? "_" : $0 })
        return "CRATER_RUN_\(name)_EXECUTABLE"
    }

    package static let tensorBoard = AppIdentity(
        name: "tensorboard",
        ruleNames: ["tensorboard", "tb"],
        defaultPort: 6006
    )
    package static let jupyter = AppIdentity(
        name: "jupyter",
        ruleNames: ["jupyter", "notebook", "lab", "jupyterlab"],
        defaultPort: 8888
    )
    package static let visdom = AppIdentity(name: "visdom", ruleNames: ["visdom"], defaultPort: 8097)

    /// Every app whose rules crater-run knows.
    package static let all: [AppIdentity] = [.tensorBoard, .jupyter, .visdom] + SimpleApps.all.map { $0.identity }
}
