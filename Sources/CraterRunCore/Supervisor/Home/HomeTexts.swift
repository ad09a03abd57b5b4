/// What the home page says of an app besides its state.
struct HomeTexts {
    let title: String
    let about: String

    /// - Parameter identity: of an app of the user's own, the name stands for the title.
    init(of identity: AppIdentity) {
        (title, about) = HomeTexts.known[identity.name] ?? (identity.name, "An app of this job")
    }

    /// The title of an app that may be known by its name.
    static func title(of name: String) -> String { known[name]?.0 ?? name }

    private static let known: [String: (String, String)] = [
        "tensorboard": ("TensorBoard", "Curves, images and graphs of a training run"),
        "jupyter": ("Jupyter", "Notebooks, a terminal and the files of this job"),
        "visdom": ("Visdom", "Plots that a program draws while it runs"),
        "marimo": ("marimo", "Reactive notebooks in Python"),
        "streamlit": ("Streamlit", "An app written in Python"),
        "gradio": ("Gradio", "A form for trying out a model"),
        "mlflow": ("MLflow", "Experiments, their parameters and their results"),
        "voila": ("Voila", "A notebook as an app"),
        "bokeh": ("Bokeh", "Interactive plots"),
        "panel": ("Panel", "A dashboard written in Python"),
        "visualdl": ("VisualDL", "Curves, images and graphs of a training run"),
        "aim": ("Aim", "Experiments, compared side by side"),
        "datasette": ("Datasette", "Tables of a SQLite database"),
        "dash": ("Dash", "A dashboard written in Python"),
        "netron": ("Netron", "The layers of a model"),
        "hiplot": ("HiPlot", "Many parameters in parallel"),
        "ray": ("Ray", "The dashboard of a Ray cluster"),
        "dask": ("Dask", "The dashboard of a Dask cluster"),
        "code-server": ("code-server", "VS Code in the browser"),
    ]
}
