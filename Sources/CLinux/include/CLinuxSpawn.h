/// Starting a program: fork(2) and execve(2), with everything between the two in C, since the child of a process that
/// has threads may only do what is safe in a signal handler.
#ifndef CLINUX_SPAWN_H
#define CLINUX_SPAWN_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// What is executed. The strings belong to the caller.
struct clinux_program {
    const char *file;
    /// The value of PATH, if `file` is looked for there where it has no slash, as execvp(3) does; NULL: it is a path.
    const char *search;
    char *const *arguments;
    /// Room for as many pointers as `arguments` has and two more: /bin/sh's words, should `file` turn out to be a script
    /// without an interpreter.
    char **shell_arguments;
    char *const *environment;
};

/// Executes the program in place of this process; returns only if that fails, with errno.
///
/// A file that execve(2) does not know (ENOEXEC) is run by /bin/sh, as execvp(3) and shells do; but not a binary one, of
/// which a shell would say nothing of use.
int clinux_execute(const struct clinux_program *program);

/// Where execvp(3) looks: the value of PATH, or what stands for it where there is none.
const char *clinux_search_path(void);

/// `source` of ours becomes `target` in the child.
struct clinux_descriptor {
    int source;
    int target;
};

/// The step that a child failed at.
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
    /// The child's own copy of this array is changed.
    struct clinux_descriptor *descriptors;
    size_t descriptor_count;
    /// Whether the child has those descriptors alone; otherwise whatever has no close-on-exec.
    int closes_others;
    /// A session of its own, or a process group.
    int leads_session;
    /// The terminal whose foreground group it becomes, or -1.
    int terminal;
    /// Where it is started; NULL: where we are.
    const char *directory;
    /// The value of its oom_score_adj; NULL: ours. Where that cannot be set, it goes without.
    const char *out_of_memory_score;
    /// A bit for each signal that it ignores, bit 0 for signal 1. All others have their defaults.
    uint64_t ignored;
    sigset_t mask;
    /// The write end of a pipe, with close-on-exec. What keeps the program from being executed comes out of it.
    int report;
};

/// What the pipe tells: this much, then the path that the step failed on, if there is one.
struct clinux_report {
    int32_t step;
    int32_t number;  ///< errno
};

/// The most that comes out of the pipe, in one piece.
enum { CLINUX_REPORT_SIZE = 4096 };

/// Forks a child that does all this; returns its pid, or -1 and errno. Waits for nothing: whether the program was
/// executed, the pipe tells.
pid_t clinux_fork(struct clinux_child *child);

#endif
