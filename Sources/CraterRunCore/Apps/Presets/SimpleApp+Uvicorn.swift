extension SimpleApp {
    /// The ``WebApp/transportVariables`` of uvicorn.
    var uvicornTransports: [String] {
        ["UVICORN_UDS", "UVICORN_FD", "UVICORN_SSL_KEYFILE", "UVICORN_SSL_CERTFILE"]
    }

    /// The ``SimpleApp/environment`` of a viewer that starts `python -m uvicorn`. Otherwise uvicorn puts the working
    /// directory first on Python's path, whatever PYTHONSAFEPATH says, and a file of the user's, such as random.py, would
    /// be imported instead of Python's own module. The directory need not exist. A directory that the user has set stays:
    /// it may hold a plugin. ``LaunchNeeds/guardRestartedPython(on:)`` does the same for more servers and for older Pythons,
    /// but needs a private directory.
    var uvicornEnvironment: EnvironmentEdits {
        var edits = EnvironmentEdits(["CUDA_VISIBLE_DEVICES": "", "PYTHONSAFEPATH": "1"])
        edits.setUnlessGiven("UVICORN_APP_DIR", to: "/nonexistent")
        return edits
    }
}
