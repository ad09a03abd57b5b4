internal import CraterRunCore

/// What the home page needs to know of the host. File systems may take long to tell.
extension SupervisorRole {
    /// Reads the key of the home page's login, and delivers it as an event.
    func readHomeLogin() {
        guard let home = supervisor.options.home else { return }
        let (storage, findings) = (storage, findings)
        homeLoginWorker.submit {
            let key = Result { () throws(LaunchFailure) in
                try LoginStore(storage).key(from: home.login, for: HomeOptions.keyName)
            }
            findings.post(.homeLogin(key))
        }
    }

    /// Finds out which of the offered apps are installed, and delivers their names as an event.
    func findOffers() {
        guard let home = supervisor.options.home else { return }
        let findings = findings
        offersWorker.submit {
            let installed = home.offers.filter { offer in
                (try? HostProbe().program(of: offer.app, override: offer.executable)) != nil
            }
            findings.post(.offers(Set(installed.map(\.name))))
        }
    }
}
