extension Preset {
    /// The apps that crater-run knows by name and that have environments of their own.
    static let others = [
        Preset(
            name: "tensorboard", words: ["--logdir", "scalars"], app: .tensorBoard, program: "tensorboard",
            escapes: .ascii,
            // Its style sheet names fonts at the host's root, where they have never been (tensorflow/tensorboard#1885).
            known: ["/font-roboto/"]),
        Preset(
            name: "lab", visit: "jupyterlab", command: "jupyter", words: [], app: .lab, program: "jupyter-lab",
            token: "token", socket: "api/kernels/",
            // Of two JupyterLabs on one host, open at once, the second page leaves for a workspace of its own.
            abandoned: ["api/", "lab/api/", "static/lab/"]),
        // Scripts of its own fail at each visit, wherever it is served, and its pages do not show it.
        Preset(
            name: "notebook", command: "jupyter", words: [], app: .notebook, program: "jupyter-notebook",
            token: "token",
            socket: "api/kernels/",
            abandoned: ["api/", "lab/api/"],
            tolerated: [
                "Cannot read properties of undefined (reading 'schema')",
                "Cannot read properties of undefined (reading 'options')", "uncaught: Disposed",
                "Window name candidate",
            ]),
        Preset(
            name: "classic", command: "jupyter", words: [], app: .classic, program: "jupyter-notebook", token: "token",
            socket: "api/kernels/",
            // An extension that is registered and has no page of its own.
            known: ["nbextensions/widgets/"], tolerated: ["nbextensions/widgets/"]),
        Preset(name: "visdom", words: [], app: .visdom, program: "visdom", socket: "socket"),
        Preset(
            name: "marimoedit", visit: "waves-edit", command: "marimo", words: ["edit", "waves.py"], app: .marimo,
            program: "marimo", token: "access_token", socket: "ws", escapes: .ascii),
        Preset(
            name: "marimorun", visit: "waves", command: "marimo", words: ["run", "waves.py"], app: .marimo,
            program: "marimo", token: "access_token", socket: "ws", escapes: .ascii),
    ]
}
