// Mounts a file system that never answers at the directory that it is given (fuse(4)), says so, and holds it until it is killed.
// Whoever looks into the directory waits, as at a network file system whose server is gone; only SIGKILL ends that.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>

int main(int count, char **words) {
    if (count != 2) return 64;
    int connection = open("/dev/fuse", O_RDWR | O_CLOEXEC);
    if (connection == -1) return perror("open /dev/fuse"), 1;
    char options[128];
    snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other", connection);
    if (mount("dead", words[1], "fuse.dead", MS_NOSUID | MS_NODEV, options) == -1) return perror("mount"), 1;
    puts("mounted");
    fflush(stdout);
    for (;;) pause();
}
