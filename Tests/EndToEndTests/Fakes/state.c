// A stand-in for TensorBoard, or a job, that records the process state that it was given, byte for byte, and ends when there is a
// file `go` beside the record. No interpreter comes in between: Python changes dispositions, and dash the mask.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

static void copy(const char *from, const char *directory, const char *name) {
    char path[4096], buffer[65536];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    int source = open(from, O_RDONLY), target = open(path, O_WRONLY | O_CREAT, 0644);
    for (ssize_t count; (count = read(source, buffer, sizeof buffer)) > 0;) {
        if (write(target, buffer, (size_t)count) != count) exit(1);
    }
}

static FILE *create(const char *directory, const char *name) {
    char path[8192];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "w");
    if (!file) exit(1);
    return file;
}

static void list_descriptors(const char *directory) {
    // Found out before the file takes a number.
    char link[64], targets[10][4096] = {{0}};
    for (int number = 0; number < 10; number++) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", number);
        if (readlink(link, targets[number], sizeof targets[number] - 1) == -1) targets[number][0] = 0;
    }
    FILE *file = create(directory, "descriptors");
    for (int number = 0; number < 10; number++) {
        if (targets[number][0]) fprintf(file, "%d %s\n", number, targets[number]);
    }
    fclose(file);
}

static void record_number(const char *directory, const char *name, int number) {
    FILE *file = create(directory, name);
    fprintf(file, "%d", number);
    fclose(file);
}

static void record_place(const char *directory) {
    char place[4096] = {0};
    if (readlink("/proc/self/cwd", place, sizeof place - 1) == -1) exit(1);
    FILE *file = create(directory, "cwd");
    fputs(place, file);
    fclose(file);
    record_number(directory, "pid", getpid());
    record_number(directory, "group", getpgrp());
    record_number(directory, "session", getsid(0));
    int adopts = 0;
    prctl(PR_GET_CHILD_SUBREAPER, &adopts, 0, 0, 0);
    record_number(directory, "subreaper", adopts);
}

int main(void) {
    char directory[4096], final[4096];
    snprintf(directory, sizeof directory, "%s/draft", getenv("FAKE_RECORD"));
    snprintf(final, sizeof final, "%s/launch.1", getenv("FAKE_RECORD"));
    if (mkdir(directory, 0755) != 0) return 1;
    list_descriptors(directory);
    record_place(directory);
    copy("/proc/self/cmdline", directory, "argv");
    copy("/proc/self/limits", directory, "limits");
    copy("/proc/self/environ", directory, "environ");
    copy("/proc/self/status", directory, "status");
    if (rename(directory, final) != 0) return 1;
    snprintf(directory, sizeof directory, "%s/go", getenv("FAKE_RECORD"));
    while (access(directory, F_OK) != 0) usleep(5000);
    return 0;
}
