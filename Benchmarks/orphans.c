/* Makes orphans, lets all of them end at once, and prints the milliseconds until the last one has been reaped by the init.
   Usage: orphans NUMBER */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

int main(int count, char **words) {
    int number = count > 1 ? atoi(words[1]) : 10000, gate[2];
    volatile pid_t *orphans =
        mmap(NULL, number * sizeof(pid_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (orphans == MAP_FAILED || pipe(gate) == -1) return perror("orphans"), 1;
    pid_t parent = fork();
    if (parent == 0) {
        close(gate[1]);
        for (int i = 0; i < number; i++) {
            pid_t pid = fork();
            if (pid == -1) return perror("orphans: fork"), 1;
            if (pid == 0) {
                char byte;
                _exit(read(gate[0], &byte, 1) == 0 ? 0 : 1); /* at its end the gate is open */
            }
            orphans[i] = pid;
        }
        _exit(0); /* from here on they are orphans */
    }
    int status;
    if (waitpid(parent, &status, 0) != parent || status != 0) return 1;
    double begin = now();
    close(gate[1]);
    for (int i = 0; i < number; i++)
        while (kill(orphans[i], 0) == 0) usleep(200); /* a zombie is still there for kill(2) */
    printf("%.2f\n", now() - begin);
    return 0;
}
