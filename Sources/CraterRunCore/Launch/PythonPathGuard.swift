/// A file that Python runs at its start. It keeps the files of the working directory from hiding the modules of an app
/// that starts Python again.
///
/// `python -m` puts the working directory first on the path unless PYTHONSAFEPATH is set, which only Python 3.11 and
/// later know. Gunicorn and uvicorn put the directory there too, in any Python. Then a file of the user's, such as
/// random.py, would be imported instead of Python's own module. Another working directory is no way out: the app takes
/// relative paths, such as ./mlruns, from it.
enum PythonPathGuard {
    /// Python imports the module of this name at its start, from PYTHONPATH or elsewhere.
    static let name = "sitecustomize.py"

    static let text = """
        import os
        import sys

        here = os.path.dirname(__file__)
        hidden = ["", ".", "./"]
        try:
            hidden.append(os.getcwd())
            # Gunicorn prefers the path by which a shell has come here, which may lead over symbolic links.
            usual = os.environ.get("PWD", "")
            if os.path.samefile(usual, "."):
                hidden.append(usual)
        except OSError:
            pass


        class Guard:
            # What stands before this file's directory has been put there since Python's start.
            @staticmethod
            def find_spec(name, path=None, target=None):
                if path is None and here in sys.path:
                    end = sys.path.index(here)
                    sys.path[:end] = [entry for entry in sys.path[:end] if entry not in hidden]
                return None


        sys.meta_path.insert(0, Guard)

        # The image may have such a module too. It would have been imported instead of this one.
        own = sys.modules.pop(__name__)
        sys.path.remove(here)
        try:
            import sitecustomize
        except ImportError as error:
            if error.name != __name__:
                raise
        finally:
            sys.path.insert(0, here)
            sys.modules.setdefault(__name__, own)

        """
}

extension LaunchNeeds {
    /// Makes files in a directory of crater-run's own, and puts this directory first on Python's path.
    ///
    /// - Parameter directory: the app's private directory.
    mutating func addPythonFiles(_ files: [(name: String, text: String)], in directory: String, on host: HostFacts) {
        let folder = "\(directory)/python"
        preparations += files.map { .file(path: "\(folder)/\($0.name)", text: $0.text) }
        let path = [folder, host.value(of: "PYTHONPATH")].compactMap { $0 }.joined(separator: ":")
        environment.set("PYTHONPATH", to: path)
    }

    /// Keeps the files of the working directory from hiding modules in the Python that the app starts again. Without a
    /// private directory, only the app's ``WebApp/environment`` does so.
    mutating func guardRestartedPython(on host: HostFacts) {
        guard let directory = host.privateDirectory else { return }
        addPythonFiles([(name: PythonPathGuard.name, text: PythonPathGuard.text)], in: directory, on: host)
    }
}
