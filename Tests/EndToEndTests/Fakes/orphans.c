// A job that makes as many orphans as its argument says, has them all end at once, and ends when its parent has reaped every
// one: the parent's children are the job, and at most a supervisor. Exits 1 if that does not come about.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv) {
    int count = argc > 1 ? atoi(argv[1]) : 0, gate[2];
    char path[64], byte;
    static char list[1 << 18];
    if (pipe(gate) != 0) return 1;
    pid_t middle = fork();
    if (middle == 0) {
        close(gate[1]);
        for (int i = 0; i < count; i++) {
            pid_t child = fork();
            if (child == -1) _exit(1);
            if (child == 0) _exit(read(gate[0], &byte, 1) != 0);
        }
        _exit(0);
    }
    int status = 1;
    if (waitpid(middle, &status, 0) != middle || status != 0) return 1;
    close(gate[1]);
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", getppid(), getppid());
    time_t end = time(NULL) + 60;
    while (time(NULL) < end) {
        int file = open(path, O_RDONLY), words = 0;
        if (file == -1) return 1;
        ssize_t size = 0, part;
        while ((part = read(file, list + size, sizeof list - (size_t)size)) > 0) size += part;
        close(file);
        for (ssize_t i = 0; i < size; i++) words += list[i] == ' ';
        if (words <= 2) return 0;
        usleep(1000);
    }
    return 1;
}
