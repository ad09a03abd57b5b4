/// What one app alone is told.
extension Setting where Value == String {
    package static var logDirectory: Setting {
        Setting(
            text: "--logdir", "CRATER_RUN_LOGDIR", "dir", "Where the event files are.", fallback: "./logs",
            suggestions: .directory, expected: "a directory; TensorBoard takes no empty one")
    }

    package static var notebookDirectory: Setting {
        Setting(
            text: "--notebook-dir", "CRATER_RUN_NOTEBOOK_DIR", "dir", "Where the notebooks are.",
            fallback: "as Jupyter's configuration has it, else the working directory", suggestions: .directory,
            expected: "a directory")
    }

    package static var environmentPath: Setting {
        Setting(
            text: "--env-path", "CRATER_RUN_VISDOM_ENV_PATH", "dir", "Where the plots are kept.", fallback: "~/.visdom",
            suggestions: .directory, expected: "a directory")
    }

    package static var readyPath: Setting {
        Setting(
            "--ready-path", "CRATER_RUN_READY_PATH", "path", "Where below the prefix the app answers when it is ready.",
            fallback: "the prefix itself, with a slash at its end", expected: "a path such as /health, without spaces",
            { text in
                text.utf8.allSatisfy { (0x21...0x7E).contains($0) } ? (text.hasPrefix("/") ? text : "/\(text)") : nil
            })
    }

    package static var tensorBoardExecutable: Setting {
        executable(of: .tensorBoard, "The TensorBoard to run.")
    }

    package static var jupyterExecutable: Setting {
        executable(of: .jupyter, "The Jupyter to run, such as /opt/conda/bin/jupyter-lab.")
    }

    package static var visdomExecutable: Setting {
        executable(
            of: .visdom, "The command visdom of the Python to run, or that Python.", last: "a python3 that has it")
    }

    /// The program of a simple app.
    package static func executable(of app: any SimpleApp.Type) -> Setting {
        executable(of: app.identity, app.executableHelp)
    }

    private static func executable(of app: AppIdentity, _ summary: String, last: String = "python3 -m") -> Setting {
        Setting(
            text: "--executable", app.executableVariable, "path", summary,
            fallback: "the first on PATH, then in /opt/conda, /usr/local, then \(last)", suggestions: .file,
            expected: "a program's name or path")
    }
}

extension Setting where Value == Bool {
    /// - Parameter app: whose help it is for.
    package static func keepGPU(of app: String) -> Setting {
        Setting(flag: "--keep-gpu", "CRATER_RUN_KEEP_GPU", "Leave the GPUs visible to \(app).")
    }
}

extension Setting where Value == Jupyter.Interface {
    package static var interface: Setting {
        Setting(
            choice: "--interface", "CRATER_RUN_JUPYTER_INTERFACE", "lab|notebook|server", "What to serve.",
            fallback: "the first of lab, notebook, server that is installed", expected: "lab, notebook or server")
    }
}

extension Setting where Value == Signal {
    package static var appStopSignal: Setting {
        Setting(
            "--stop-signal", "CRATER_RUN_APP_STOP_SIGNAL", "signal",
            "What asks the app to stop: a signal's name or number.", fallback: "SIGTERM", suggestions: .signals,
            expected: "a signal such as TERM, SIGINT or 15, and not KILL or STOP", Signal.init(name:))
    }
}
