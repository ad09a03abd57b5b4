/// Which app it is, as far as ingress rules are concerned: what it is called, which rules are its own, and its port.
package struct AppIdentity: Equatable, Sendable {
    /// The command's word for the app, such as `tensorboard`; also its name in messages.
    package let name: String
    /// The names of ingress rules that belong to the app, its own name first.
    package let ruleNames: [String]
    /// The port the app takes by custom, 1…65535: the one rule on it belongs to the app if none has its name. Nil for an
    /// app that has none: it is served by name alone.
    package let defaultPort: UInt16?

    package init(name: String, ruleNames: [String], defaultPort: UInt16?) {
        self.name = name
        self.ruleNames = ruleNames
        self.defaultPort = defaultPort
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

    /// Every app whose rules crater-run can tell.
    package static let all: [AppIdentity] = [.tensorBoard, .jupyter, .visdom] + SimpleApps.all.map { $0.identity }
}
