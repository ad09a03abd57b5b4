/// What Swift's Glibc module lacks: calls it does not import, macros it cannot see, and unions it cannot read. No
/// function here decides anything: each is one call or one field. CLinuxSpawn.h starts programs.
#ifndef CLINUX_H
#define CLINUX_H

// _GNU_SOURCE is defined in the .c files, not here: it would give fd_set another layout than Swift's Glibc module has.

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "CLinuxFiles.h"
#include "CLinuxSockets.h"
#include "CLinuxSpawn.h"

/// A child's change of state as waitid(2) reports it, without siginfo_t's unions.
struct clinux_child_change {
    pid_t pid;       ///< 0: no child has changed its state.
    int32_t code;    ///< CLD_EXITED, CLD_KILLED, CLD_DUMPED, …
    int32_t status;  ///< The exit status or the signal's number.
};

/// waitid(2) with WEXITED and the given options; __WALL so that a clone with another exit signal counts too.
int clinux_waitid(int idtype, pid_t pid, int options, struct clinux_child_change *change);

/// waitid(2) for this child with WSTOPPED, WCONTINUED and WNOHANG, and without WEXITED: the child can still be reaped.
int clinux_stop_or_continuation(pid_t pid, struct clinux_child_change *change);

/// pidfd_open(2); glibc has no wrapper before 2.36.
int clinux_pidfd_open(pid_t pid);
/// pidfd_send_signal(2); glibc has no wrapper before 2.36.
int clinux_pidfd_send_signal(int pidfd, int signal);

/// prctl(PR_GET_CHILD_SUBREAPER): 1 or 0; prctl(2) is variadic and so not imported.
int clinux_is_subreaper(void);
/// prctl(PR_SET_CHILD_SUBREAPER).
int clinux_set_subreaper(int value);

/// prctl(PR_SET_NAME).
int clinux_set_name(const char *name);
/// prctl(PR_SET_PDEATHSIG) with SIGKILL: the kernel ends this process when the thread that has forked it ends.
int clinux_end_with_parent(void);

/// Reads the disposition of `signal` with sigaction(2): 1 ignored, 0 anything else, -1 error. glibc's wrapper refuses
/// 32 and 33, so this asks the kernel.
int clinux_is_ignored(int signal);
/// Sets `signal` to SIG_IGN (`ignored` not 0) or SIG_DFL.
int clinux_set_ignored(int signal, int ignored);
/// Blocks every signal and stores the previous mask; pthread_sigmask(3) leaves 32 and 33 out.
int clinux_block_all(sigset_t *previous);
/// Sets the calling thread's mask, 32 and 33 included.
int clinux_set_mask(const sigset_t *mask);
/// Adds `signal` to the set; glibc's sigaddset(3) refuses 32 and 33.
void clinux_sigset_add(sigset_t *set, int signal);

/// faccessat(2) as the kernel has it. glibc's calls faccessat2(2), which old seccomp profiles refuse with EPERM.
int clinux_accessible(int directory, const char *name, int mode);

/// open(2) with a mode; variadic and so not imported.
int clinux_open(const char *path, int flags, mode_t mode);
/// fcntl(F_GETFD): -1 and EBADF for a closed descriptor.
int clinux_descriptor_flags(int descriptor);
/// fcntl(F_SETFL, O_NONBLOCK); for our own descriptors only.
int clinux_set_nonblocking(int descriptor);

/// dup3(2) with O_CLOEXEC.
int clinux_duplicate(int descriptor, int target);
/// pipe2(2) with O_CLOEXEC.
int clinux_pipe(int descriptors[2]);

/// posix_spawn(3)'s flag for a new session, a GNU extension. The tests start their processes with it, so that they do
/// not depend on the code that they test.
short clinux_spawn_setsid(void);
/// posix_spawn_file_actions_addclosefrom_np(3), a GNU extension; for the tests as well.
int clinux_spawn_close_from(posix_spawn_file_actions_t *actions, int from);

/// The path by which we were executed (AT_EXECFN, getauxval(3)); relative to the directory in which we were started.
const char *clinux_executed_path(void);

/// The process's environment, NULL-terminated. A function, since a C global is not safe to touch from Swift.
char **clinux_environment(void);

#endif
