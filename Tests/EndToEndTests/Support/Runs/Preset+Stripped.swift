extension Preset {
    /// The apps that know no prefix, and are behind the front door, which takes the prefix off.
    static let stripped = [
        Preset(
            name: "netron", words: ["model.json"],
            // What it tells its makers, and files that could be beside a model.
            known: [
                "https://ipinfo.io/", "https://analytics.google.com/", "https://www.googletagmanager.com/",
                "data/model.weights",
            ]),
        Preset(name: "hiplot", words: []),
        // Without fixed ports, which another test may have.
        Preset(
            name: "dask", words: ["--", "--host", "127.0.0.1", "--port", "0"], socket: "status/ws",
            // Its list of workers climbs one folder too many for the files that sort it.
            known: ["https://cdnjs.cloudflare.com/", "/ingress/statics/"]),
        Preset(
            name: "gradio3", visit: "gradio", command: "gradio", words: ["--strip-prefix", "gradio_waves.py"],
            app: .oldGradio, program: "gradio",
            known: [
                "https://cdnjs.cloudflare.com/", "https://fonts.googleapis.com/", "/manifest.json", "/favicon.ico",
            ]),
    ]
}
