// Stops one thread of a process, its first, and no other, and keeps it stopped: as a system call that never returns does
// (a dead network file system). Goes with the process, or leaves it alone again when it is killed itself.
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

static void fail(const char *what) {
    perror(what);
    exit(1);
}

int main(int count, char **words) {
    if (count != 2) return 64;
    pid_t pid = atoi(words[1]);
    int status;
    if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) == -1) fail("PTRACE_SEIZE");
    if (ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) == -1) fail("PTRACE_INTERRUPT");
    if (waitpid(pid, &status, __WALL) == -1) fail("waitpid");
    if (!WIFSTOPPED(status)) return 1;
    printf("frozen\n");
    fflush(stdout);
    // Its parent gets to know of its end only once we do.
    while (waitpid(pid, &status, __WALL) == pid && WIFSTOPPED(status)) {
    }
    return 0;
}
