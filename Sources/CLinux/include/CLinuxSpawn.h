/// Starting a program: fork(2) and execve(2). Everything between the two is in C, since the child of a process with
/// threads may only do what is safe in a signal handler.
#ifndef CLINUX_SPAWN_H
#define CLINUX_SPAWN_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// The program to execute. The strings belong to the caller.
struct clinux_program {
    const char *file;
    /// The value of PATH, if a `file` without a slash is searched for there, as execvp(3) does; NULL if `file` is a
    /// path.
    const char *search;
    char *const *arguments;
    /// Room for two more pointers than `arguments` has: for the words of /bin/sh, if `file` turns out to be a script
    /// without an interpreter.
    char **shell_arguments;
    char *const *environment;
};

/// Executes the program in place of this process; returns errno, and only on failure.
///
/// If execve(2) does not know the file's format (ENOEXEC), /bin/sh runs it, as in execvp(3) and shells; but not a
/// binary file, about which a shell would say nothing useful.
int clinux_execute(const struct clinux_program *program);

/// Where execvp(3) searches: the value of PATH, or the default if PATH is not set.
const char *clinux_search_path(void);

/// Our descriptor `source` becomes `target` in the child.
struct clinux_descriptor {
    int source;
    int target;
};

/// The step at which a child failed.
enum clinux_step {
    CLINUX_SETSID = 1,
    CLINUX_SETPGID,
    CLINUX_TCSETPGRP,
    CLINUX_DUP,
    CLINUX_CHDIR,
    CLINUX_EXECVE,
};

/// How a child is started.
struct clinux_child {
    struct clinux_program program;
    /// The child changes its own copy of this array.
    struct clinux_descriptor *descriptors;
    size_t descriptor_count;
    /// Whether the child keeps only these descriptors; otherwise it keeps all without close-on-exec.
    int closes_others;
    /// Whether the child leads a session of its own; otherwise a process group.
    int leads_session;
    /// The terminal in which the child's group becomes the foreground group, or -1.
    int terminal;
    /// The directory to start the child in; NULL for ours.
    const char *directory;
    /// The child's oom_score_adj; NULL for ours. If it cannot be set, the child is started without it.
    const char *out_of_memory_score;
    /// A bit for each signal that the child ignores, bit 0 for signal 1. All other signals have their defaults.
    uint64_t ignored;
    sigset_t mask;
    /// The write end of a pipe, with close-on-exec. If the program is not executed, the child writes the error to it.
    int report;
};

/// What a child writes to the pipe: this struct, then the path on which the step failed, if there is one.
struct clinux_report {
    int32_t step;
    int32_t number;  ///< errno
};

/// The most that a child writes to the pipe, in one piece.
enum { CLINUX_REPORT_SIZE = 4096 };

/// Forks a child that does all this; returns its pid, or -1 and errno. Does not wait: the pipe tells whether the
/// program was executed.
pid_t clinux_fork(struct clinux_child *child);

#endif
