/// Which rule an app is served by, and how it is kept running.
extension Setting where Value == String {
    package static var rule: Setting {
        Setting(
            text: "--rule", nil, "name", "Serve by the rule of this name, whatever the app.", suggestions: .rules,
            expected: "a rule's name")
    }

    /// Whether a prefix is one is found out where its reason can be told (``PathPrefix``).
    package static var prefix: Setting {
        Setting(
            "--prefix", nil, "path",
            "Serve under this prefix instead of by any rule, at --port or at the usual port; / is the root.",
            expected: "a path",
            { $0 })
    }
}

extension Setting where Value == UInt16 {
    package static var port: Setting {
        Setting(
            "--port", nil, "number", "Serve by the rule on this port; with --prefix, at this port without a rule.",
            expected: "a number from 1 to 65535", { UInt16($0).flatMap { $0 > 0 ? $0 : nil } })
    }
}

extension Setting where Value == RuleWait {
    package static var wait: Setting {
        Setting(
            "--wait", "CRATER_RUN_WAIT", "time",
            "How long to wait for the rule: a duration such as 30s or 5m, 0, or forever.",
            fallback: "2m by hand, forever as PID 1",
            expected: "a duration such as 500ms, 30s, 5m or 2h, 0, or forever", RuleWait.init)
    }
}

extension Setting where Value == RuleChangePolicy {
    package static var onRuleChange: Setting {
        Setting(
            choice: "--on-rule-change", "CRATER_RUN_ON_RULE_CHANGE", "relaunch|keep",
            "When the rule's prefix or port changes: relaunch the app, or keep it as it is.", fallback: "relaunch",
            expected: "relaunch or keep")
    }
}

extension Setting where Value == RestartPolicy {
    package static var restart: Setting {
        Setting(
            choice: "--restart", "CRATER_RUN_RESTART", "policy",
            "When the app ends by itself: start it again always, on-failure or never.",
            fallback: "on-failure by hand, always under up and as PID 1", expected: "always, on-failure or never")
    }
}

extension Setting where Value == RestartLimit {
    package static var maxRestarts: Setting {
        Setting(
            "--max-restarts", "CRATER_RUN_MAX_RESTARTS", "number",
            "Restarts in a row, without a minute of readiness in between, before it has failed: a number or unlimited.",
            fallback: "5 by hand, unlimited under up and as PID 1",
            expected: "a whole number from 0 on, or unlimited", RestartLimit.init)
    }
}

extension Setting where Value == Duration {
    package static var stopTimeout: Setting {
        Setting(
            time: "--stop-timeout", "CRATER_RUN_STOP_TIMEOUT", "From the stop signal to SIGKILL.",
            fallback: "10s, and 5s when crater-run itself is to end")
    }

    package static var checkInterval: Setting {
        Setting(
            time: "--check-interval", "CRATER_RUN_CHECK_INTERVAL",
            "How long an app that answers no more may pass for ready: it is checked as often as that takes.",
            fallback: "10s, and 30s for Visdom, which logs each check", expected: ", from 100ms on",
            { DurationText.parse($0).flatMap { $0 >= .milliseconds(100) ? $0 : nil } })
    }
}

extension Setting where Value == DurationOrOff {
    package static var restartUnresponsive: Setting {
        Setting(
            "--restart-unresponsive", "CRATER_RUN_RESTART_UNRESPONSIVE", "time|off",
            "Start an app again that was ready and has not been for this long.",
            fallback: "off, it is left to recover", expected: "a duration such as 500ms, 30s, 5m or 2h, or off",
            DurationOrOff.init)
    }
}

extension Setting where Value == Bool {
    package static var detach: Setting {
        Setting(
            flag: "--detach", nil,
            "Hand the app to the crater-run up that runs in this container, so that it outlives this terminal, and end."
        )
    }

    package static var replace: Setting {
        Setting(
            flag: "--replace", nil,
            "Where another crater-run in this container serves the app already, have it stop the app, and serve it here."
        )
    }

    package static var dryRun: Setting {
        Setting(flag: "--dry-run", nil, "Print what would be started, and start nothing.")
    }
}

extension SettingDeclaration {
    /// What all commands have that serve an app.
    package static var serving: [SettingDeclaration] {
        [
            Setting.rule.declaration, Setting.prefix.declaration, Setting.port.declaration, Setting.wait.declaration,
            Setting.onRuleChange.declaration, Setting.restart.declaration, Setting.maxRestarts.declaration,
            Setting.stopTimeout.declaration, Setting.checkInterval.declaration,
            Setting.restartUnresponsive.declaration,
        ] + door + health + log + [
            Setting.detach.declaration, Setting.replace.declaration, Setting.dryRun.declaration,
        ] + pod
    }
}
