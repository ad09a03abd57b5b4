/// How a supervisor answers probes.
extension Setting where Value == HealthPort {
    package static var healthPort: Setting {
        Setting(
            "--health-port", "CRATER_RUN_HEALTH_PORT", "number|off",
            "Answer probes and metrics over HTTP at this port, on all interfaces: a number, or off.",
            fallback: "9550 under up and as PID 1, off by hand", expected: "a number from 1 to 65535, or off",
            HealthPort.init)
    }
}

extension Setting where Value == ReadyWhen {
    package static var readyWhen: Setting {
        Setting(
            "--ready-when", "CRATER_RUN_READY_WHEN", "any|all|names",
            "When /readyz says that all is ready: any of the apps that have a rule is, all of them are, or these are: names with "
                + "commas between them.",
            fallback: "any under up, all for one app",
            expected: "any, all, or names of apps with commas between them", ReadyWhen.init)
    }
}

extension SettingDeclaration {
    package static var health: [SettingDeclaration] {
        [Setting.healthPort.declaration, Setting.readyWhen.declaration]
    }
}
