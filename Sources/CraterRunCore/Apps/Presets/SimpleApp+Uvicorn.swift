extension SimpleApp {
    /// The ``SimpleApp/environment`` of a viewer that starts `python -m uvicorn`. Otherwise uvicorn puts the working
    /// directory first on Python's path, whatever PYTHONSAFEPATH says, and a file of the user's, such as random.py, would
    /// be imported instead of Python's own module. The directory need not exist.
    var uvicornEnvironment: EnvironmentEdits {
        EnvironmentEdits([
            "CUDA_VISIBLE_DEVICES": "", "PYTHONSAFEPATH": "1", "UVICORN_APP_DIR": "/nonexistent",
        ])
    }
}
