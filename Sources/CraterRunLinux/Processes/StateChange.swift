internal import CLinux
internal import CraterRunCore
internal import Glibc

/// A child that has not ended changed its state.
enum StateChange: Equatable {
    case stopped(Signal)
    case continued
}
