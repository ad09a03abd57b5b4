import ArgumentParser
import CraterRunLinux

/// `crater-run install`.
struct InstallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Copy crater-run into a directory, for another container to run it.",
        discussion: """
            Prints the path of the copy, which everybody can execute. The directory is made if it does not exist. A \
            crater-run that is already there is replaced in one step, even while it runs.

            With this command an init container brings crater-run to a container with any image, in a volume that both \
            mount:
              initContainers:
                - name: crater-run
                  image: IMAGE-WITH-CRATER-RUN
                  command: ["/crater-run", "install", "/crater"]

            EXAMPLES
              crater-run install /usr/local/bin
              crater-run install ~/bin

            EXIT CODES
              1       crater-run cannot be copied there
              64      wrong usage
            """
    )

    @Argument(help: "The directory to copy crater-run into.", completion: .directory)
    var directory: String

    func validate() throws {
        if directory.isEmpty { throw ValidationError("The directory is empty.") }
    }

    func run() throws {
        let path: String
        do throws(SystemCallError) {
            path = try ProgramInstaller().install(as: "crater-run", into: directory)
        } catch {
            let place = [directory, ""].contains(error.subject) ? "" : "\(error.subject): "
            let wayOut = ProgramInstaller.wayOut(of: error).map { "; \($0)" } ?? ""
            throw CommandFailure(
                "cannot install crater-run to \(directory): \(place)\(error.reason)\(wayOut)",
                code: CommandFailure.Code.other
            )
        }
        try Console.value(Array("\(path)\n".utf8))
    }
}
