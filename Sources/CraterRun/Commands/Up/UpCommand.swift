import ArgumentParser
import CraterRunCore

/// `crater-run up`: the entry point of a container.
struct UpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Run a job, and beside it serve every app that has an ingress rule: the entry point of a container.",
        usage: "crater-run up [--app <line>] ... [<options>] [-- <job> ...]",
        discussion: """
            The job runs as if crater-run were not there: its signals, terminal, output and exit code are its own. A \
            second process looks after the apps. The job does not notice if an app or that process fails. Without a \
            job, crater-run only serves apps.

            A rule named tensorboard, jupyter, visdom and so on starts that app as soon as the rule appears, if the \
            app is installed and no other process listens at the rule's port.

            EXAMPLES
              crater-run up -- python train.py
              crater-run up --app 'tensorboard --logdir ./logs' -- python train.py
              crater-run up --app tensorboard --app jupyter -- python train.py
              crater-run up --linger 30m -- python train.py
              crater-run up --check --app tensorboard -- python train.py

            \(ExitCodes.table)
            """
    )

    @OptionGroup var flags: UpFlags
    @Flag(.check) var check = false

    var given: GivenWords {
        var given = flags.given
        given.add(.check, check)
        return given
    }
}
