/// What `up` alone is told.
extension Setting where Value == [String] {
    package static var apps: Setting {
        Setting(
            lines: "--app", "CRATER_RUN_APPS", "line",
            "Serve this app: the line is what one would type after crater-run, such as 'tensorboard --logdir ./logs'. "
                + "May be given several times.",
            suggestions: .apps)
    }
}

extension Setting where Value == String {
    package static var home: Setting {
        Setting(
            text: "--home", "CRATER_RUN_HOME", "rule",
            "Open the page for all apps by the rule of this name; off for no such page. By itself it opens by a rule named "
                + "home, apps or crater.",
            suggestions: .rules, expected: "a rule's name, or off")
    }
}

extension Setting where Value == Bool {
    package static var auto: Setting {
        Setting(
            flag: "--auto", "CRATER_RUN_AUTO",
            "Serve every ingress rule whose name is an app's, as rules come and go. The default where no app is named.")
    }

    package static var signalGroup: Setting {
        Setting(
            flag: "--signal-group", "CRATER_RUN_SIGNAL_GROUP",
            "Pass signals on to the job's process group, not to its first process alone.")
    }

    package static var check: Setting {
        Setting(
            flag: "--check", nil,
            "Say what is wrong with the options, the app lines, the annotations file and the job, and start nothing.")
    }
}

extension Setting where Value == Duration {
    package static var autoDelay: Setting {
        Setting(
            time: "--auto-delay", "CRATER_RUN_AUTO_DELAY",
            "Beside a job, how long after its start --auto may take a port that nobody listens at.", fallback: "20s",
            expected: ", or 0")
    }

    package static var gracePeriod: Setting {
        Setting(
            time: "--grace-period", "CRATER_RUN_GRACE_PERIOD",
            "From the beginning of the shutdown to SIGKILL for everything.",
            fallback: "none, the kubelet's is the only deadline")
    }

    package static var linger: Setting {
        Setting(
            time: "--linger", "CRATER_RUN_LINGER",
            "How long the apps go on after the job has ended, so that its results can be looked at.", fallback: "0",
            expected: ", or 0")
    }
}

extension Setting where Value == Signal {
    package static var stopSignal: Setting {
        Setting(
            "--stop-signal", "CRATER_RUN_STOP_SIGNAL", "signal",
            "The signal that begins the shutdown, instead of SIGTERM: a name such as INT, or a number.",
            suggestions: .signals, expected: "a signal that can be caught, such as INT, SIGTERM or 15",
            { Signal(name: $0).flatMap { $0.isForwarded ? $0 : nil } })
    }
}

extension SettingDeclaration {
    /// The options of `up` that its supervisor is started with too.
    fileprivate static var up: [SettingDeclaration] {
        [
            Setting.apps.declaration, Setting.home.declaration, Setting.auto.declaration, Setting.autoDelay.declaration,
            Setting.stopSignal.declaration, Setting.signalGroup.declaration, Setting.gracePeriod.declaration,
            Setting.linger.declaration,
        ] + door + health + log + pod
    }
}

extension OptionTable {
    package static var up: OptionTable { OptionTable(SettingDeclaration.up + [Setting.check.declaration]) }

    package static var supervisor: OptionTable { OptionTable(SettingDeclaration.up + SettingDeclaration.supervisor) }
}
