import Foundation
import Testing

/// An app that crater-run knows by name, with something to serve.
struct Preset: CustomTestStringConvertible, Sendable {
    /// The name of its rule.
    let name: String
    /// Which visit of Clients/browser it is for; the name, if nil.
    var visit: String?
    /// The word after `crater-run`; the name, if nil.
    var command: String?
    /// What follows it.
    let words: [String]
    /// Where it is installed.
    var app = RealApp.presets
    /// Its program in that environment; nil where it is on PATH.
    var program: String?
    /// The page to open, below the prefix.
    var page = ""
    /// The word in the page's query that has its token; nil for an app without a login.
    var token: String?
    /// The path of its websocket below the prefix; nil if it has none.
    var socket: String?
    /// What its prefix can have.
    var escapes = Escapes.all
    /// The beginnings of what the app asks for outside of its prefix, or in vain, wherever it is served: URLs, paths, or what
    /// follows the prefix.
    var known: [String] = []
    /// The beginnings of what its page hangs up on, since the page has read enough or goes elsewhere, as above.
    var abandoned: [String] = []
    /// Parts of the errors that its own scripts have, wherever it is served.
    var tolerated: [String] = []
    /// The names of the cookies that others on its host get as well, which nothing prevents.
    var sharedCookies: [String] = []

    var testDescription: String { name }

    /// What crater-run takes for the app's name.
    var word: String { command ?? name }

    /// What stands in a prefix for other signs.
    enum Escapes: String, CaseIterable {
        case none = "z.san-corp-1a2b3"
        case ascii = "z.san%40corp%7E-1a2b3"
        case all = "z.san%40corp%7E%C3%BC-1a2b3"
    }

    /// What one would type after `crater-run` to serve it by the rule of its name.
    var line: String { ([word, "--rule", name] + programWords + words).joined(separator: " ") }

    private var programWords: [String] {
        guard let program, let bin = app.bin else { return [] }
        return ["--executable", "\(bin)/\(program)"]
    }

    /// Those that are installed here; on CI all of them, so that none is left out unseen.
    static var available: [Preset] { available(all + others) }

    /// Those of ``stripped`` that are installed here.
    static var availableStripped: [Preset] { available(stripped) }

    private static func available(_ presets: [Preset]) -> [Preset] {
        presets.filter { !RealApp.available([$0.app]).isEmpty }
    }

    /// The apps that need no environment of their own.
    static let all = [
        Preset(
            name: "streamlit", words: ["streamlit_waves.py"], socket: "_stcore/stream",
            // A random number that is sent back as it is: another Streamlit on this host takes it, too.
            sharedCookies: ["_streamlit_xsrf"]),
        Preset(
            name: "gradio", words: ["gradio_waves.py"],
            known: ["/manifest.json", "/favicon.ico"], abandoned: ["gradio_api/queue/data"]),
        Preset(
            name: "mlflow", words: ["--", "--workers", "1"],
            known: ["ajax-api/2.0/mlflow/users/current"], abandoned: ["static-files/", "ajax-api/"]),
        Preset(
            name: "voila", words: ["waves.ipynb"], socket: "api/kernels/", known: ["https://cdn.jsdelivr.net/"],
            tolerated: ["Shared module @jupyterlab/docmanager"]),
        Preset(
            name: "bokeh", words: ["bokeh_waves.py"], page: "bokeh_waves", socket: "bokeh_waves/",
            known: ["/favicon.ico"]),
        Preset(
            name: "panel", words: ["panel_waves.py"], page: "panel_waves", socket: "panel_waves/",
            known: ["favicon.ico"]),
        Preset(
            name: "visualdl", words: ["--logdir", "logs"],
            abandoned: ["_dist_/worker/", "__snowpack__/", "api/"],
            // The language that the page is in.
            sharedCookies: ["vdl_lng"]),
        Preset(
            name: "aim", words: [],
            known: ["https://cdn.jsdelivr.net/", "https://fonts.googleapis.com/", "https://api.github.com/"],
            abandoned: ["api/"], tolerated: ["loadPyodide", "Failed to fetch"]),
        Preset(name: "dash", words: ["dash_waves.py"]),
        Preset(name: "datasette", words: ["runs.db"], known: ["/favicon.ico"]),
    ]
}
