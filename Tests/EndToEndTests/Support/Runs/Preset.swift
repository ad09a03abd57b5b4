import Foundation
import Testing

/// An app that crater-run knows by name, with something to serve.
struct Preset: CustomTestStringConvertible, Sendable {
    /// The command's word, and the rule's name.
    let name: String
    /// What follows it.
    let words: [String]
    /// The file of Clients/apps that it serves; nil for a viewer, which has the data of fill_apps.py.
    var file: String?
    /// The page to open, below the prefix.
    var page = ""
    /// What is in the page as it comes, before scripts run.
    let content: String
    /// The path of its websocket below the prefix; nil if it has none.
    var socket: String?
    /// The beginnings of what the app asks for outside of its prefix, or in vain, wherever it is served: URLs, paths, or what
    /// follows the prefix.
    var known: [String] = []
    /// Parts of the errors that its own scripts have, wherever it is served.
    var tolerated: [String] = []
    /// The paths of cookies that do no harm to another job on the same host.
    var sharedCookies: [String] = []

    var testDescription: String { name }

    static let all = [
        Preset(
            name: "streamlit", words: ["streamlit_waves.py"], file: "streamlit_waves.py", content: "Streamlit",
            socket: "_stcore/stream",
            // A random number that is sent back as it is: another Streamlit on this host takes it, too.
            sharedCookies: ["/"]),
        Preset(
            name: "gradio", words: ["gradio_waves.py"], file: "gradio_waves.py", content: "gradio",
            // The page hangs up on a stream that it has read.
            known: ["/manifest.json", "/favicon.ico", "gradio_api/queue/data"]),
        Preset(name: "mlflow", words: [], content: "MLflow", known: ["ajax-api/2.0/mlflow/users/current"]),
        Preset(
            name: "voila", words: ["waves.ipynb"], file: "waves.ipynb", content: "Waves", socket: "api/kernels/",
            known: ["https://cdn.jsdelivr.net/"], tolerated: ["Shared module @jupyterlab/docmanager"]),
        Preset(
            name: "bokeh", words: ["bokeh_waves.py"], file: "bokeh_waves.py", page: "bokeh_waves", content: "Bokeh",
            socket: "bokeh_waves/", known: ["/favicon.ico"]),
        Preset(
            name: "panel", words: ["panel_waves.py"], file: "panel_waves.py", page: "panel_waves", content: "Bokeh",
            socket: "panel_waves/", known: ["favicon.ico"]),
        Preset(
            name: "visualdl", words: ["--logdir", "logs"], content: "index",
            // The language that the page is in.
            sharedCookies: ["/"]),
        Preset(
            name: "aim", words: [], content: "Aim",
            known: ["https://cdn.jsdelivr.net/", "https://fonts.googleapis.com/", "https://api.github.com/"],
            tolerated: ["loadPyodide", "Failed to fetch"]),
        Preset(name: "dash", words: ["dash_waves.py"], file: "dash_waves.py", content: "Waves"),
        Preset(name: "datasette", words: ["runs.db"], content: "runs", known: ["/favicon.ico"]),
    ]

    static var available: [Preset] { RealApp.available([.presets]).isEmpty ? [] : all }

    /// Puts what it serves where crater-run works, and the app on PATH.
    func prepare(_ launcher: Launcher) throws {
        try launcher.use(.presets, rule: name)
        if let file {
            let source = try #require(Bundle.module.resourcePath) + "/Clients/apps/\(file)"
            try FileManager.default.copyItem(atPath: source, toPath: "\(launcher.work)/\(file)")
        } else {
            try launcher.client("fill_apps", of: .presets, name, launcher.work)
        }
    }
}
